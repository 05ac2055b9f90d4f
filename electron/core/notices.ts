import { onLanguage } from '#shared/i18n/language';
import type { Notice } from '#shared/ipc/app';
import type { Publisher } from './ports';

/** A notice whose words are made when windows are told, in the language of that moment. */
export interface WordedNotice extends Omit<Notice, 'title' | 'message'> {
  readonly words: () => Pick<Notice, 'title' | 'message'>;
}

interface OwnedNotice {
  readonly notice: WordedNotice;
  /** The connection that it is about; undefined if it is about the whole console. */
  readonly owner: string | undefined;
}

/** The notices of one connection, which windows show while its account is shown. */
export interface ConnectionNotices {
  /** Adds a notice, or replaces the one with the same id. */
  add(notice: WordedNotice): void;
  dismiss(id: string): void;
}

/** Messages that stay in the windows until a person dismisses them or the app ends. */
export class Notices implements ConnectionNotices {
  readonly #publisher: Publisher;
  #notices: readonly OwnedNotice[] = [];
  #shown: string | undefined;

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
    onLanguage(() => this.#replace(this.#notices));
  }

  /** Returns the notices that windows show: those of the console and of the shown account. */
  all(): Notice[] {
    return this.#notices
      .filter(({ owner }) => owner === undefined || owner === this.#shown)
      .map(({ notice: { words, ...notice } }) => ({ ...notice, ...words() }));
  }

  /** Adds a notice about the whole console, or replaces the one with the same id. */
  add(notice: WordedNotice): void {
    this.#put(notice, undefined);
  }

  /** Dismisses a notice that windows show. */
  dismiss(id: string): void {
    this.#remove((owned) => owned.notice.id === id && [undefined, this.#shown].includes(owned.owner));
  }

  of(connectionId: string): ConnectionNotices {
    return {
      add: (notice) => this.#put(notice, connectionId),
      dismiss: (id) => this.#remove(({ notice, owner }) => owner === connectionId && notice.id === id),
    };
  }

  /** Shows the notices of this connection beside those of the console. */
  show(connectionId: string): void {
    this.#shown = connectionId;
    this.#replace(this.#notices);
  }

  /** Drops all notices of a connection. */
  forget(connectionId: string): void {
    this.#remove(({ owner }) => owner === connectionId);
  }

  #put(notice: WordedNotice, owner: string | undefined): void {
    const others = this.#notices.filter((owned) => owned.owner !== owner || owned.notice.id !== notice.id);
    this.#replace([...others, { notice, owner }]);
  }

  #remove(isGone: (owned: OwnedNotice) => boolean): void {
    if (this.#notices.some(isGone)) this.#replace(this.#notices.filter((owned) => !isGone(owned)));
  }

  #replace(notices: readonly OwnedNotice[]): void {
    this.#notices = notices;
    this.#publisher.publish('app', 'notices', this.all());
  }
}
