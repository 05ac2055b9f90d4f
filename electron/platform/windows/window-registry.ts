import type { BrowserWindow } from 'electron';
import { channelOf, type Events } from '#shared/ipc/contract';
import type { EventPayload } from '#shared/ipc/derive';
import type { Publisher } from '../../core/ports';

export type WindowKind = 'console' | 'approval';

/** A window that this app opened. */
export interface AppWindow {
  readonly kind: WindowKind;
  readonly window: BrowserWindow;
}

/** The app's open windows: who may call, and whom to tell. */
export class WindowRegistry implements Publisher {
  readonly #windows = new Map<number, AppWindow>();

  /** Knows the window from now until it is closed. */
  add(appWindow: AppWindow): void {
    const { id } = appWindow.window.webContents;
    this.#windows.set(id, appWindow);
    appWindow.window.once('closed', () => this.#windows.delete(id));
  }

  windowOf(webContentsId: number): AppWindow | undefined {
    return this.#windows.get(webContentsId);
  }

  find(kind: WindowKind): BrowserWindow | undefined {
    return [...this.#windows.values()].find((appWindow) => appWindow.kind === kind)?.window;
  }

  publish<G extends keyof Events, N extends keyof Events[G] & string>(
    group: G,
    name: N,
    payload: EventPayload<G, N>,
  ): void {
    for (const { window } of this.#windows.values()) send(window, group, name, payload);
  }
}

/** Tells one window. One that is just being closed is not told. */
export function send<G extends keyof Events, N extends keyof Events[G] & string>(
  window: BrowserWindow,
  group: G,
  name: N,
  payload: EventPayload<G, N>,
): void {
  if (window.isDestroyed() || window.webContents.isDestroyed()) return;
  window.webContents.send(channelOf(group, name), payload);
}
