import type { DesktopQuiet } from '../../core/ports';
import type { NotificationService } from './notification-service';
import { ScreenLock } from './screen-lock';
import type { SessionBusParts } from './session-bus';

/**
 * "Do not disturb", where the notification server reports it as Plasma's does, and the screen lock. Other servers, GNOME's
 * among them, hold notifications back by themselves.
 */
export class FreedesktopQuiet implements DesktopQuiet {
  readonly #listeners = new Set<() => void>();
  readonly #lock: ScreenLock;
  #isQuiet = false;

  constructor(service: NotificationService, parts: SessionBusParts) {
    this.#lock = new ScreenLock(parts, () => this.#tell());
    service.observe({
      onInhibited: (isInhibited) => {
        if (isInhibited === this.#isQuiet) return;
        this.#isQuiet = isInhibited;
        this.#tell();
      },
    });
  }

  start(): void {
    this.#lock.start();
  }

  stop(): void {
    this.#lock.stop();
  }

  isQuiet(): boolean {
    return this.#isQuiet;
  }

  isLocked(): boolean {
    return this.#lock.isLocked;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
