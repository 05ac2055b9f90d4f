import { Worker } from 'node:worker_threads';
import { app, BrowserWindow, dialog, powerMonitor } from 'electron';
import { z } from 'zod';
import { t } from '#shared/i18n/t';
import type { Core } from '../core/create-core';
import type { DesktopPreferences } from '../core/desktop/desktop-preferences';
import { servesHere } from '../core/desktop/serves-here';
import type { Presenter, TrayPresence } from '../core/ports';
import { messageOf } from '../core/text';
import { tellOfTray, tellUnsent } from './farewell-notifications';
import { askBeforeQuit } from './quit-question';

/** From the decision to quit. Longer than the deadlines of everything that is written down. */
const END_DEADLINE_MS = 2_500;
/** Ends the app even if its main thread hangs in the disk, a key store or a window that does not close. */
const KILL_DEADLINE_MS = 2_900;
/** A panel that starts or restarts brings its tray back by itself. */
const TRAY_PATIENCE_MS = 10_000;
const TOLD_OF_TRAY = 'desktop.toldOfTray';
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export interface LifecycleParts {
  readonly core: Core;
  readonly desktop: Pick<DesktopPreferences, 'staysInTray'>;
  readonly tray: TrayPresence;
  readonly presenter: Presenter;
  /** Stops what shows the core's state, before the core stops. */
  readonly beforeStop: () => void;
}

/**
 * Decides when the app goes on without a window, when it asks before it ends, and how it ends: after everything has been
 * stopped and written down. An app without a window is always in the tray, or its window comes back.
 */
export class Lifecycle {
  readonly #parts: LifecycleParts;
  readonly #ending = new AbortController();
  /** From here on nobody is asked, and no window stays. */
  #isQuitting = false;
  #isAsking = false;
  /** A person has just chosen the tray, so closing the last window goes there. */
  #goesToTray = false;
  #isStopping = false;
  #isEnding = false;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  start(): void {
    const { core, tray } = this.#parts;
    app.on('activate', () => core.context.windows.openConsole());
    app.on('browser-window-created', (_event, window) => this.#watchClose(window));
    app.on('window-all-closed', () => this.#onAllClosed());
    app.on('before-quit', (event) => this.#onBeforeQuit(event));
    // At `before-quit` the windows would not yet have left their state in the store.
    app.on('will-quit', (event) => {
      event.preventDefault();
      this.#stop();
    });
    // A signal or the end of the session is deliberate, and nobody may be there to answer.
    for (const signal of SIGNALS) process.once(signal, () => this.#quitUnasked());
    powerMonitor.on('shutdown', () => this.#quitUnasked());
    tray.subscribe(() => {
      if (!tray.isShown()) void this.#comeBackWithoutTray();
    });
  }

  /** Starts in the tray without a window. A window opens if no tray appears. */
  startHidden(): void {
    if (!this.#parts.tray.isShown()) void this.#comeBackWithoutTray();
  }

  #watchClose(window: BrowserWindow): void {
    window.on('close', (event) => {
      if (this.#isQuitting || this.#staysInTray() || !this.#hasToAsk() || !isLast(window)) return;
      event.preventDefault();
      app.quit();
    });
    // At the end of a session Windows sends this to the window, and no `before-quit` follows.
    window.on('session-end', () => (this.#isQuitting = true));
  }

  #onAllClosed(): void {
    if (this.#isQuitting || !this.#staysInTray()) {
      app.quit();
      return;
    }
    this.#goesToTray = false;
    this.#tellOfTrayOnce();
  }

  #onBeforeQuit(event: { preventDefault(): void }): void {
    if (this.#isQuitting || !this.#hasToAsk()) {
      this.#isQuitting = true;
      this.#endForCertain();
      return;
    }
    event.preventDefault();
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    const { tray, core } = this.#parts;
    this.#isAsking = true;
    try {
      const answer = await askBeforeQuit(tray.isShown());
      if (this.#isQuitting) return;
      if (answer === 'quit') this.#quitUnasked();
      else if (answer === 'keep') this.#goToTray();
      else if (!hasWindow() && !tray.isShown()) core.context.windows.openConsole();
    } catch (error) {
      core.context.log.error('quit.not_asked', { message: messageOf(error) });
    } finally {
      this.#isAsking = false;
    }
  }

  #quitUnasked(): void {
    this.#isQuitting = true;
    app.quit();
  }

  #goToTray(): void {
    if (!hasWindow()) return;
    this.#goesToTray = true;
    for (const window of BrowserWindow.getAllWindows()) window.close();
  }

  #hasToAsk(): boolean {
    return this.#parts.core.accounts.all().some(({ replica }) => servesHere(replica.connection));
  }

  #staysInTray(): boolean {
    const { desktop, tray } = this.#parts;
    return desktop.staysInTray() || (this.#goesToTray && tray.isShown());
  }

  #tellOfTrayOnce(): void {
    const { core, presenter } = this.#parts;
    const { settings } = core.context.store;
    if (settings.read(TOLD_OF_TRAY, z.boolean()) === true) return;
    settings.note(TOLD_OF_TRAY, true);
    if (tellOfTray(presenter)) return;
    const [message, detail] = [t('notify.goesOn'), t('notify.goesOnWhy')];
    void dialog.showMessageBox({ type: 'info', title: 'Gatehouse', message, detail });
  }

  async #comeBackWithoutTray(): Promise<void> {
    const { core, tray } = this.#parts;
    const { clock, windows, log } = core.context;
    await clock.sleep(TRAY_PATIENCE_MS, this.#ending.signal);
    if (this.#isQuitting || tray.isShown() || hasWindow()) return;
    log.warn('tray.missing');
    windows.openConsole();
  }

  /** Ends the app by the deadline even if something hangs; a thread of its own is the last resort. */
  #endForCertain(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { log } = this.#parts.core.context;
    setTimeout(() => {
      log.error('stop.too_slow');
      app.exit(1);
    }, END_DEADLINE_MS);
    new Worker(`setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${KILL_DEADLINE_MS})`, { eval: true });
  }

  #stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#ending.abort();
    const { core, presenter, beforeStop } = this.#parts;
    const { log } = core.context;
    this.#endForCertain();
    const stop = async (): Promise<void> => {
      beforeStop();
      tellUnsent(core.unsentOperations(), presenter);
      await core.stop();
    };
    stop()
      .catch((error: unknown) => log.error('stop.failed', { message: messageOf(error) }))
      .finally(() => app.exit(0));
  }
}

function hasWindow(): boolean {
  return BrowserWindow.getAllWindows().length > 0;
}

function isLast(window: BrowserWindow): boolean {
  return BrowserWindow.getAllWindows().every((other) => other === window || other.isDestroyed());
}
