import {
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  nativeTheme,
  screen as screens,
} from 'electron';
import type { Place } from '#shared/ipc/app';
import type { DesktopWindows, Log } from '../../core/ports';
import type { Settings } from '../../core/store/settings';
import { messageOf } from '../../core/text';
import { APP_PAGE } from '../app-protocol/app-origin';
import { keepPageAlive } from './keep-page-alive';
import { send, type WindowKind, type WindowRegistry } from './window-registry';
import {
  APPROVAL_SIZES,
  type Area,
  CONSOLE_SIZES,
  placeWindow,
  type WindowState,
  windowStateSchema,
} from './window-state';

const STATE_SETTING = 'window.console';
const TITLE = 'Gatehouse';
/** The page's own background, which a window shows before its page has painted. */
const BACKGROUND = { light: '#ffffff', dark: '#242424' } as const;

export interface AppWindowsParts {
  readonly registry: WindowRegistry;
  readonly preload: string;
  readonly icon: string;
  readonly log: Log;
  /** A function, because the windows are created before the core. */
  readonly settings: () => Settings;
}

/** The console's window and the approval window, at most one of each. */
export class AppWindows implements DesktopWindows {
  readonly #parts: AppWindowsParts;

  constructor(parts: AppWindowsParts) {
    this.#parts = parts;
  }

  openConsole(place?: Place): void {
    const open = this.#parts.registry.find('console');
    if (open !== undefined) {
      bringToFront(open);
      if (place === undefined) return;
      // A page that is still loading does not listen yet.
      if (open.webContents.isLoading()) this.#load(open, 'console', { place });
      else send(open, 'app', 'navigate', { place });
      return;
    }
    const saved = this.#parts.settings().read(STATE_SETTING, windowStateSchema);
    const bounds = placeWindow(CONSOLE_SIZES, saved, workAreas());
    const window = this.#open('console', place === undefined ? {} : { place }, bounds);
    if (saved?.maximized === true) window.maximize();
    window.on('close', () => {
      const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() };
      try {
        this.#parts.settings().note(STATE_SETTING, state);
      } catch (error) {
        // The next window opens at another position.
        this.#parts.log.warn('window.state_not_kept', { message: messageOf(error) });
      }
    });
  }

  /** Resolves once the console's window has painted and is shown, or is closed. */
  async consoleShown(): Promise<void> {
    const window = this.#parts.registry.find('console');
    if (window === undefined || window.isVisible()) return;
    await new Promise<void>((resolve) => {
      window.once('show', () => resolve());
      window.once('closed', () => resolve());
    });
  }

  /** Shows a review. The window stays above the others, because the person came for it. */
  openApproval(reviewId: string, accountId?: string): void {
    const open = this.#parts.registry.find('approval');
    const query = { review: reviewId, ...(accountId !== undefined && { account: accountId }) };
    if (open !== undefined) {
      if (open.webContents.isLoading()) this.#load(open, 'approval', query);
      else send(open, 'app', 'showReview', { reviewId, accountId });
      bringToFront(open);
      return;
    }
    const window = this.#open('approval', query, {
      ...placeWindow(APPROVAL_SIZES, null, workAreas()),
      alwaysOnTop: true,
      fullscreenable: false,
      maximizable: false,
    });
    window.removeMenu();
  }

  closeApproval(): void {
    this.#parts.registry.find('approval')?.close();
  }

  #open(
    kind: WindowKind,
    query: Readonly<Record<string, string>>,
    options: BrowserWindowConstructorOptions,
  ): BrowserWindow {
    const { registry, preload, icon, log } = this.#parts;
    const window = new BrowserWindow({
      ...options,
      title: TITLE,
      // Linux and Windows have an icon on each window, and a checkout has no program with its own icon.
      icon,
      show: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        navigateOnDragDrop: false,
      },
    });
    registry.add({ kind, window });
    keepPageAlive(window.webContents, log);
    window.once('ready-to-show', () => window.show());
    this.#load(window, kind, query);
    return window;
  }

  #load(window: BrowserWindow, kind: WindowKind, query: Readonly<Record<string, string>>): void {
    const url = `${APP_PAGE}?${new URLSearchParams({ window: kind, ...query }).toString()}`;
    window.loadURL(url).catch((error: unknown) => {
      // Another load has replaced this one.
      if (!window.isDestroyed() && window.webContents.isLoading()) return;
      this.#parts.log.error('window.not_loaded', { kind, error });
      // An empty window can at least be closed; an invisible one keeps the app alive for ever. A window that is closed
      // while it loads also ends here, half destroyed, and showing it at once would crash the app.
      setImmediate(() => {
        if (!window.isDestroyed()) window.show();
      });
    });
  }
}

/** Returns the work area of each screen, the primary one first. */
function workAreas(): [Area, ...Area[]] {
  const primary = screens.getPrimaryDisplay();
  const others = screens.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary.workArea, ...others.map(({ workArea }) => workArea)];
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
