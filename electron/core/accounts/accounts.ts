import { createSequential } from '#shared/async/sequential';
import type { AccountList } from '#shared/ipc/accounts';
import type { ServiceRef } from '#shared/ipc/connection';
import { folderNameOf } from '../store/account-stores';
import { messageOf } from '../text';
import { Throttle } from '../throttle';
import type { CoreContext } from '../use-cases/context';
import { accountList, openReviewsOf } from './account-list';
import { accountName } from './account-name';
import {
  type AccountParts,
  type AccountSession,
  type AccountView,
  createAccountSession,
} from './account-session';

/** A storm of reviews must not keep the windows busy with counts. */
const LIST_INTERVAL_MS = 250;

export interface NamedAccount {
  readonly id: string;
  readonly name: string;
  readonly openReviews: number;
}

/**
 * The accounts of this console. Each is polled, sends its operations and announces; windows show one of them. There is always
 * one that is shown: without a connection it is an empty one, which the next connection takes.
 */
export class Accounts {
  readonly #parts: AccountParts;
  readonly #exclusively = createSequential();
  readonly #listeners = new Set<() => void>();
  readonly #throttle: Throttle;
  #sessions: readonly AccountSession[] = [];
  #shown: AccountSession;
  #isStarted = false;
  #published = '';

  constructor(parts: AccountParts) {
    this.#parts = parts;
    this.#throttle = new Throttle(() => this.#publishList(), LIST_INTERVAL_MS, parts.clock);
    const { profiles, newId, notices } = parts;
    const sessions = profiles.ids.map((id) => this.#add(id));
    this.#shown =
      sessions.find(({ core }) => core.id === profiles.shown) ?? sessions[0] ?? this.#add(newId());
    notices.show(this.#shown.core.id);
  }

  get shown(): CoreContext {
    return this.#shown.core;
  }

  all(): readonly CoreContext[] {
    return this.#sessions.map(({ core }) => core);
  }

  list(): AccountList {
    return accountList(this.all(), this.shown);
  }

  /** Returns the connected accounts with the names that tell them apart. */
  named(): readonly NamedAccount[] {
    const connected = this.#connected();
    return connected.map((account) => ({
      id: account.id,
      name: accountName(account, connected),
      openReviews: openReviewsOf(account),
    }));
  }

  /** Returns a name that tells the account from the others; undefined while it is the only one. */
  nameOf(account: CoreContext): string | undefined {
    const connected = this.#connected();
    return connected.length > 1 ? accountName(account, connected) : undefined;
  }

  /** Returns the account if it is connected, with whichever token. */
  find(service: ServiceRef, accountId: string): CoreContext | undefined {
    return this.all().find(({ profile, replica }) => {
      const kept = profile.read();
      if (replica.isOpen(service, accountId)) return true;
      return (
        kept.accountId === accountId &&
        kept.service !== null &&
        folderNameOf(kept.service) === folderNameOf(service)
      );
    });
  }

  /** Returns the account of the service on this computer, of which there is one at most. */
  embedded(): CoreContext | undefined {
    return this.all().find(({ profile, replica: { connection } }) => {
      const service = 'service' in connection ? connection.service : profile.read().service;
      return service?.kind === 'embedded';
    });
  }

  /** Returns an account without a connection, or whose service has never started. */
  free(): CoreContext {
    const isFree = ({ profile, replica: { connection, accountId } }: CoreContext): boolean =>
      profile.read().service === null &&
      (connection.kind === 'none' || (connection.kind === 'failed' && accountId === null));
    return this.all().find(isFree) ?? this.#add(this.#parts.newId()).core;
  }

  /** Adds or removes an account after the change before has ended. */
  change<T>(work: () => Promise<T>): Promise<T> {
    return this.#exclusively(work);
  }

  /** Makes the windows show this account, and closes the approval window of another. Does nothing if it is gone. */
  show(id: string): void {
    if (!this.#sessions.some(({ core }) => core.id === id)) return;
    if (id !== this.#shown.core.id) this.#parts.windows.closeApproval();
    this.#show(id);
  }

  /** Removes an account whose connection is closed. The last one stays, empty. */
  remove({ id }: CoreContext): void {
    const index = this.#sessions.findIndex(({ core }) => core.id === id);
    const session = this.#sessions[index];
    const next = this.#sessions[index + 1] ?? this.#sessions[index - 1];
    this.#parts.notices.forget(id);
    if (session === undefined || next === undefined) return;
    session.stop();
    this.#sessions = this.#sessions.filter((other) => other !== session);
    if (this.#shown === session) this.show(next.core.id);
    this.#tell();
  }

  /** Answers a review as the button with this id in its notification does, without showing its account. */
  answer(id: string, reviewId: string, button: string): void {
    this.#sessions.find(({ core }) => core.id === id)?.announcer.answer(reviewId, button);
  }

  /** Calls the listener after each change of an account or of the list. Returns the function that ends this. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#isStarted = true;
    for (const session of this.#sessions) session.start();
  }

  /** Announces nothing any more. */
  stop(): void {
    this.#throttle.stop();
    for (const session of this.#sessions) session.stop();
  }

  #connected(): readonly CoreContext[] {
    return this.all().filter(({ replica }) => replica.connection.kind !== 'none');
  }

  #add(id: string): AccountSession {
    const session: AccountSession = createAccountSession(
      id,
      { ...this.#parts, accounts: this },
      this.#viewOf(id),
    );
    this.#sessions = [...this.#sessions, session];
    session.core.replica.subscribe(() => this.#tell());
    session.core.notifications.subscribe(() => this.#tell());
    if (this.#isStarted) session.announcer.start();
    return session;
  }

  #viewOf(id: string): AccountView {
    const { publisher, windows } = this.#parts;
    return {
      publisher: {
        publish: (group, name, payload) => {
          if (this.#shown.core.id === id) publisher.publish(group, name, payload);
        },
      },
      windows: {
        openApproval: (reviewId) => {
          this.#show(id);
          windows.openApproval(reviewId, id);
        },
        openConsole: (place) => {
          this.show(id);
          windows.openConsole(place);
        },
      },
      name: () => {
        const account = this.all().find((each) => each.id === id);
        return account && this.nameOf(account);
      },
    };
  }

  #show(id: string): void {
    const next = this.#sessions.find(({ core }) => core.id === id);
    if (next === undefined || next === this.#shown) return;
    const before = this.#shown;
    this.#shown = next;
    this.#noteShown(id);
    this.#parts.notices.show(id);
    this.#publishList();
    next.core.replica.takeOver(before.core.replica.version);
    next.core.notifications.publish();
    this.#tell();
  }

  #tell(): void {
    this.#throttle.ask();
    for (const listener of this.#listeners) listener();
  }

  #publishList(): void {
    const list = this.list();
    const text = JSON.stringify(list);
    if (text === this.#published) return;
    this.#published = text;
    this.#parts.publisher.publish('accounts', 'changed', list);
  }

  /** A full disk only means that the next start shows another account first. */
  #noteShown(id: string): void {
    try {
      this.#parts.profiles.noteShown(id);
    } catch (error) {
      this.#parts.log.error('profile.not_kept', { message: messageOf(error) });
    }
  }
}
