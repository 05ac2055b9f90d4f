import { join } from 'node:path';
import { app, type BrowserWindow, nativeImage } from 'electron';

/** The number on the app's own icon. */
export interface Badge {
  /** Shows the number, or none for 0. */
  render(count: number): void;
}

export interface BadgeParts {
  readonly platform: NodeJS.Platform;
  /** The folder with the pictures of the numbers. */
  readonly images: string;
  readonly consoleWindow: () => BrowserWindow | undefined;
}

/** There are pictures up to this; more are `9+`. */
const LARGEST_DRAWN = 9;

/** Windows has a picture on the button of a window in the taskbar, the others a number on the icon of the app. */
export function createBadge(parts: BadgeParts): Badge {
  return parts.platform === 'win32' ? onTaskbar(parts) : onAppIcon();
}

/** On Linux only for desktops that show a number (Unity's launcher, docks that learnt it from there). */
function onAppIcon(): Badge {
  let shown = 0;
  return {
    render(count) {
      if (count === shown) return;
      shown = count;
      app.setBadgeCount(count);
    },
  };
}

function onTaskbar({ images, consoleWindow }: BadgeParts): Badge {
  let shown = 0;
  const apply = (): void => {
    const window = consoleWindow();
    if (window === undefined || window.isDestroyed()) return;
    const name = shown > LARGEST_DRAWN ? 'badge-more.png' : `badge-${shown}.png`;
    const picture = shown === 0 ? null : nativeImage.createFromPath(join(images, name));
    window.setOverlayIcon(picture, shown === 0 ? '' : describe(shown));
  };
  // A window has a button only while it is shown, and each time another one.
  app.on('browser-window-created', (_event, window) => window.on('show', apply));
  return {
    render(count) {
      if (count === shown) return;
      shown = count;
      apply();
    },
  };
}

/** For a screen reader. */
function describe(count: number): string {
  return count === 1 ? '1 open question' : `${count} open questions`;
}
