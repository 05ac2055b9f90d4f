import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { TrayChoice, TrayIcon, TrayImage, TrayItem } from '../../core/tray/model';
import { literal } from '../menu-label';

export interface TrayViewParts {
  readonly platform: NodeJS.Platform;
  readonly images: string;
  readonly choose: (choice: TrayChoice) => void;
}

/** The icon in the tray. `render` is idempotent: it touches only what has changed. */
export class TrayView {
  readonly #parts: TrayViewParts;
  #tray: Tray | undefined;
  #shown: Partial<TrayIcon> = {};
  /** An open menu must not change under the pointer; this one replaces it when it closes. */
  #menuAfter: readonly TrayItem[] | undefined;
  #isMenuOpen = false;

  constructor(parts: TrayViewParts) {
    this.#parts = parts;
  }

  /** `null` removes the icon. */
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
    // Linux does not send this event: the desktop draws the menu and refuses a choice from an outdated one.
    menu.on('menu-will-show', () => (this.#isMenuOpen = true));
    menu.on('menu-will-close', () => this.#onMenuClosed());
    tray.setContextMenu(menu);
  }

  #onMenuClosed(): void {
    this.#isMenuOpen = false;
    // The choice that closed the menu arrives after this event.
    setImmediate(() => {
      const items = this.#menuAfter;
      if (this.#tray === undefined || items === undefined || this.#isMenuOpen) return;
      this.#menuAfter = undefined;
      this.#setMenu(this.#tray, items);
    });
  }

  #destroy(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
    this.#shown = {};
    this.#menuAfter = undefined;
    this.#isMenuOpen = false;
  }

  /** Electron finds the larger versions for high-density screens by their names. */
  #imageFile(image: TrayImage): ReturnType<typeof nativeImage.createFromPath> {
    const { platform, images } = this.#parts;
    return nativeImage.createFromPath(join(images, imageName(platform, image)));
  }
}

function menuTemplate(
  items: readonly TrayItem[],
  choose: (choice: TrayChoice) => void,
): MenuItemConstructorOptions[] {
  return items.map((item) => lineOf(item, choose));
}

function lineOf(item: TrayItem, choose: (choice: TrayChoice) => void): MenuItemConstructorOptions {
  const { id } = item;
  switch (item.kind) {
    case 'separator':
      return { id, type: 'separator' };
    case 'text':
      return { id, label: literal(item.label), enabled: false };
    case 'choice':
      return { id, label: literal(item.label), click: () => choose(item.choice) };
    case 'submenu':
      return { id, label: literal(item.label), submenu: menuTemplate(item.items, choose) };
  }
}

/** On macOS the suffix `Template` lets the system colour the shape. */
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
