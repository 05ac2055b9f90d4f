import type { Notice } from '#shared/ipc/app';
import type { Publisher } from './ports';

/** Messages that stay in the windows until a person dismisses them or the app ends. */
export class Notices {
  readonly #publisher: Publisher;
  #notices: readonly Notice[] = [];

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  all(): Notice[] {
    return [...this.#notices];
  }

  /** Adds a notice, or replaces the one with the same id. */
  add(notice: Notice): void {
    this.#replace([...this.#notices.filter(({ id }) => id !== notice.id), notice]);
  }

  dismiss(id: string): void {
    if (this.#notices.some((notice) => notice.id === id)) {
      this.#replace(this.#notices.filter((notice) => notice.id !== id));
    }
  }

  #replace(notices: readonly Notice[]): void {
    this.#notices = notices;
    this.#publisher.publish('app', 'notices', this.all());
  }
}
