import type { DesktopQuiet } from '../../core/ports';
import type { NotificationService } from './notification-service';

/**
 * "Do not disturb" where the notification server tells of it, as Plasma's does. Others, GNOME's among them, hold back by
 * themselves what they are given meanwhile.
 */
export class FreedesktopQuiet implements DesktopQuiet {
  readonly #listeners = new Set<() => void>();
  #isQuiet = false;

  constructor(service: NotificationService) {
    service.observe({
      onInhibited: (isInhibited) => {
        if (isInhibited === this.#isQuiet) return;
        this.#isQuiet = isInhibited;
        for (const listener of this.#listeners) listener();
      },
    });
  }

  isQuiet(): boolean {
    return this.#isQuiet;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
