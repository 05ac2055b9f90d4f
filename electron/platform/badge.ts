import { join } from 'node:path';
import { app, type BrowserWindow, nativeImage } from 'electron';
import { t } from '#shared/i18n/t';

/** The number on the app's icon. */
export interface Badge {
  /** 0 removes the number. */
  render(count: number): void;
}

export interface BadgeParts {
  readonly platform: NodeJS.Platform;
  /** The folder with the images of the numbers. */
  readonly images: string;
  readonly consoleWindow: () => BrowserWindow | undefined;
}

/** There are images up to this number, and `9+` for more. */
const LARGEST_DRAWN = 9;

/** Windows shows an image on a window's taskbar button, the others a number on the app's icon. */
export function createBadge(parts: BadgeParts): Badge {
  return parts.platform === 'win32' ? onTaskbar(parts) : onAppIcon();
}

/** On Linux only desktops that follow Unity's launcher show it. */
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
    // The text is for a screen reader.
    window.setOverlayIcon(picture, shown === 0 ? '' : t('tray.reviews', { count: shown }));
  };
  // A window has a taskbar button only while it is shown, and a new one each time.
  app.on('browser-window-created', (_event, window) => window.on('show', apply));
  return {
    render(count) {
      if (count === shown) return;
      shown = count;
      apply();
    },
  };
}
