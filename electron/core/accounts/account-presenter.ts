import { plainLine } from '#shared/domain/plain-text';
import type { Announcement, AnnouncementEvent, Presenter } from '../ports';

/** A longer name would leave no room for what happened. */
const LONGEST_NAME = 40;
const SEPARATOR = ':';

/** Returns true for a notification of an account, as opposed to one of the console. */
export function isOfAccount(id: string): boolean {
  return id.includes(SEPARATOR);
}

/** The desktop's notifications of one account, which have ids of their own and its name where there are several. */
export class AccountPresenter implements Presenter {
  readonly #desktop: Presenter;
  readonly #prefix: string;
  readonly #name: () => string | undefined;

  /** `name` returns undefined while the account needs no name. */
  constructor(desktop: Presenter, connectionId: string, name: () => string | undefined) {
    this.#desktop = desktop;
    this.#prefix = `${connectionId}${SEPARATOR}`;
    this.#name = name;
  }

  isSupported(): boolean {
    return this.#desktop.isSupported();
  }

  hasButtons(): boolean {
    return this.#desktop.hasButtons();
  }

  show(id: string, announcement: Announcement): void {
    const name = this.#name();
    const title =
      name === undefined ? announcement.title : `${announcement.title} · ${plainLine(name, LONGEST_NAME)}`;
    this.#desktop.show(this.#prefix + id, { ...announcement, title });
  }

  withdraw(id: string): void {
    this.#desktop.withdraw(this.#prefix + id);
  }

  subscribe(listener: (event: AnnouncementEvent) => void): () => void {
    return this.#desktop.subscribe((event) => {
      if (event.id.startsWith(this.#prefix)) listener({ ...event, id: event.id.slice(this.#prefix.length) });
    });
  }
}
