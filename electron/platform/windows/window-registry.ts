import type { BrowserWindow } from 'electron';
import type { Events } from '#shared/ipc/contract';
import { channelOf } from '#shared/ipc/derive';
import type { EventPayload } from '#shared/ipc/derive';
import type { Publisher } from '../../core/ports';

export type WindowKind = 'console' | 'approval';

export interface AppWindow {
  readonly kind: WindowKind;
  readonly window: BrowserWindow;
}

/** The app's open windows: calls are accepted from them, and events are published to them. */
export class WindowRegistry implements Publisher {
  readonly #windows = new Map<number, AppWindow>();

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

/** Does nothing for a window that is being closed. */
export function send<G extends keyof Events, N extends keyof Events[G] & string>(
  window: BrowserWindow,
  group: G,
  name: N,
  payload: EventPayload<G, N>,
): void {
  if (window.isDestroyed() || window.webContents.isDestroyed()) return;
  window.webContents.send(channelOf(group, name), payload);
}
