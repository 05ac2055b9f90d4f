import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { TrayChoice, TrayIcon, TrayImage, TrayItem } from '../../core/tray/model';
import { menuTemplate } from './menu-template';

export interface TrayViewParts {
  readonly platform: NodeJS.Platform;
  /** The folder with the images. */
  readonly images: string;
  readonly choose: (choice: TrayChoice) => void;
}

/** Shows the icon in the tray. Rendering is idempotent: what has not changed is not touched. */
export class TrayView {
  readonly #parts: TrayViewParts;
  #tray: Tray | null = null;
  #shown: Partial<TrayIcon> = {};
  /** A menu that is open does not change under the pointer; this is what comes when it is closed. */
  #menuAfter: readonly TrayItem[] | null = null;
  #isMenuOpen = false;

  constructor(parts: TrayViewParts) {
    this.#parts = parts;
  }

  /** Shows this, or nothing where there is no tray. */
  render(icon: TrayIcon | null): void {
    if (icon === null) {
      this.#destroy();
      return;
    }
    const tray = this.#tray ?? this.#create(icon.image);
    if (icon.image !== this.#shown.image) tray.setImage(this.#imageFile(icon.image));
    // Electron sends the whole menu again with each tooltip.
    if (icon.tooltip !== this.#shown.tooltip) tray.setToolTip(icon.tooltip);
    this.#shown = { ...this.#shown, image: icon.image, tooltip: icon.tooltip };
    if (this.#isMenuOpen) this.#menuAfter = icon.menu;
    else this.#setMenu(tray, icon.menu);
  }

  #create(image: TrayImage): Tray {
    const { platform, choose } = this.#parts;
    const tray = new Tray(this.#imageFile(image));
    this.#shown = { image };
    // On macOS a click opens the menu.
    if (platform !== 'darwin') tray.on('click', () => choose({ do: 'open-console' }));
    this.#tray = tray;
    return tray;
  }

  #setMenu(tray: Tray, items: readonly TrayItem[]): void {
    if (isSame(items, this.#shown.menu)) return;
    this.#shown = { ...this.#shown, menu: items };
    const menu = Menu.buildFromTemplate(menuTemplate(items, this.#parts.choose));
    // Not told on Linux, where the desktop draws the menu and refuses a choice from one that is out of date.
    menu.on('menu-will-show', () => (this.#isMenuOpen = true));
    menu.on('menu-will-close', () => this.#onMenuClosed());
    tray.setContextMenu(menu);
  }

  #onMenuClosed(): void {
    this.#isMenuOpen = false;
    // Not at once: the choice that closed it is told afterwards.
    setImmediate(() => {
      const items = this.#menuAfter;
      if (this.#tray === null || items === null || this.#isMenuOpen) return;
      this.#menuAfter = null;
      this.#setMenu(this.#tray, items);
    });
  }

  #destroy(): void {
    this.#tray?.destroy();
    this.#tray = null;
    this.#shown = {};
    this.#menuAfter = null;
    this.#isMenuOpen = false;
  }

  /** Electron finds the larger versions for fine screens by their names. */
  #imageFile(image: TrayImage): ReturnType<typeof nativeImage.createFromPath> {
    const { platform, images } = this.#parts;
    return nativeImage.createFromPath(join(images, imageName(platform, image)));
  }
}

/** On macOS only the shape counts, and the system colours it; the name says so. */
function imageName(platform: NodeJS.Platform, image: TrayImage): string {
  switch (platform) {
    case 'darwin':
      return `mac-${image}-Template.png`;
    case 'win32':
      return `windows-${image}.png`;
    default:
      return `linux-${image}.png`;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
