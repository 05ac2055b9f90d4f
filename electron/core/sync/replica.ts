import type { ChangesResponse } from '#shared/api/contract';
import type { Account, Review } from '#shared/domain/entities';
import type { Connection, ServiceRef } from '#shared/ipc/connection';
import type { MirrorSnapshot } from '#shared/ipc/mirror';
import type { Outbox } from '../outbox/outbox';
import type { Publisher } from '../ports';
import type { AccountStore } from '../store/account-store';
import type { OpensAccountStores } from '../store/account-stores';
import type { MirrorKind, MirrorValue } from '../store/mirror-rows';
import { isoOrNull } from '../text';
import { Mirror, type Written } from './mirror';
import { Overlay } from './overlay';
import { Shown } from './shown';
import { type SendingTrouble, syncStatus } from './sync-status';
import { type ReplicaChange, WindowFeed } from './window-feed';

interface Opened {
  readonly service: ServiceRef;
  readonly store: AccountStore;
  readonly unsubscribe: () => void;
}

/**
 * The account of the service to which this console is connected, or was last: which one it is, how the connection stands, and its
 * data. Every change is committed to the local store, then made in memory, then published to the windows, so that nobody sees
 * what is not on disk.
 */
export class Replica {
  readonly mirror = new Mirror();
  readonly #stores: OpensAccountStores;
  readonly #windows: WindowFeed;
  readonly #shown: Shown;
  #opened: Opened | null = null;
  #connection: Connection = { kind: 'none' };
  #trouble: SendingTrouble | null = null;

  constructor(stores: OpensAccountStores, publisher: Publisher) {
    this.#stores = stores;
    this.#windows = new WindowFeed(publisher);
    const { tables } = this.mirror;
    const overlaid = () => new Overlay(tables, this.clockOffsetMs, this.outbox?.own());
    this.#shown = new Shown(this.#windows, tables, overlaid);
  }

  /** The account that is shown; null before the first connection. */
  get accountId(): string | null {
    return this.#opened?.store.accountId ?? null;
  }

  get service(): ServiceRef | null {
    return this.#opened?.service ?? null;
  }

  get store(): AccountStore | null {
    return this.#opened?.store ?? null;
  }

  get outbox(): Outbox | null {
    return this.#opened?.store.outbox ?? null;
  }

  /** Milliseconds since the epoch; null if the mirror never equalled the service. */
  get lastSyncAt(): number | null {
    return this.mirror.state.lastSyncAt;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Milliseconds by which the service's clock is ahead of this computer's; 0 as long as that is not known. */
  get clockOffsetMs(): number {
    return this.mirror.clockOffsetMs;
  }

  /** The state that new operations start from: the mirror with the queued operations on top. */
  get view(): Overlay {
    return this.#shown.overlay;
  }

  /** The version of the latest patch. */
  get version(): number {
    return this.#windows.version;
  }

  /** Makes windows that showed another account, up to its version, show this one. */
  takeOver(otherVersion: number): void {
    this.#windows.takeOver(otherVersion, this.#connection);
  }

  reviews(): readonly Review[] {
    return this.#shown.values('review');
  }

  snapshot(): Omit<MirrorSnapshot, 'shownId'> {
    return {
      version: this.#windows.version,
      connection: this.#connection,
      lastSyncAt: isoOrNull(this.lastSyncAt),
      sync: this.#syncStatus(),
      clockOffsetMs: this.clockOffsetMs,
      account: this.#shown.values('account')[0] ?? null,
      ranges: this.#shown.values('range'),
      reviews: this.#shown.values('review'),
      keys: this.#shown.values('key'),
      sources: this.#shown.values('source'),
    };
  }

  /** The values of the mirror alone, without the queued operations. */
  mirrored<K extends MirrorKind>(kind: K): readonly MirrorValue<K>[] {
    return [...this.mirror.rows(kind).values()].map((row) => row.value);
  }

  mirroredOne<K extends MirrorKind>(kind: K, id: string): MirrorValue<K> | undefined {
    return this.mirror.rows(kind).get(id)?.value;
  }

  /** Calls the listener after each change of what is shown, or of the connection. Returns the function that ends this. */
  subscribe(listener: (change: ReplicaChange) => void): () => void {
    return this.#windows.subscribe(listener);
  }

  setConnection(connection: Connection): void {
    this.#connection = connection;
    const change = { connection, sync: this.#syncStatus() };
    this.#windows.publish(change);
    this.#windows.tellListeners(change);
  }

  /** The reason why operations are not sent although the service answers. */
  setSendingTrouble(trouble: SendingTrouble | null): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#windows.publish({ sync: this.#syncStatus() });
  }

  /** Takes in a measurement of how far the service's clock is ahead, in milliseconds. */
  takeClockOffset(measuredMs: number): void {
    if (this.mirror.takeClockOffset(measuredMs))
      this.#shown.update({}, { clockOffsetMs: this.clockOffsetMs });
  }

  /** Returns true if the open store is that of this account of this service. */
  isOpen(service: ServiceRef, accountId: string): boolean {
    const opened = this.#opened;
    return opened?.store.accountId === accountId && isSameService(opened.service, service);
  }

  /**
   * Shows this account in its last known state, and closes the store of another one, because two accounts never mix. Nothing
   * changes if the store cannot be opened. Windows find a gap in the versions and fetch a snapshot.
   *
   * @throws NewerStoreError if a newer version of the program wrote the account's store, or an error of the disk.
   */
  open(service: ServiceRef, accountId: string): void {
    if (this.isOpen(service, accountId)) return;
    const store = this.#stores.open(service, accountId);
    void this.#closeStore();
    this.mirror.load(store);
    const unsubscribe = store.outbox.subscribe({
      onChange: (change) => {
        this.#shown.onOutbox(change, this.#syncStatus());
        this.#windows.outboxChanged();
      },
      onSettled: (settled) => this.#windows.settled(settled),
    });
    this.#opened = { service, store, unsubscribe };
    // The feed sends again what the disk has lost, from the cursor that is on disk.
    store.database.watch({
      onLost: () => {
        store.announced.rewrite();
        store.attempts.recount();
        this.mirror.load(store);
        this.#showLoaded();
      },
    });
    this.#showLoaded();
  }

  #showLoaded(): void {
    this.#shown.refill();
    this.#windows.showAnother(this.#connection);
  }

  /**
   * Shows the account that the service has answered with. A lower revision than the known one means that the service was
   * restored; a service of an earlier version does not detect that by the cursor.
   */
  adopt(service: ServiceRef, account: Account): void {
    this.open(service, account.id);
    const known = this.mirroredOne('account', account.id);
    const isRestored = known !== undefined && account.revision < known.revision;
    if (isRestored) this.mirror.forgetCursor();
    // The signed-in user is right even in a restored service.
    this.applyWritten(account.id, { account: isRestored ? { ...known, me: account.me } : account });
  }

  /** Closes the store at once. Resolves when nothing reads its files any more. */
  async close(): Promise<void> {
    if (this.#opened === null) return;
    const closing = this.#closeStore();
    this.#windows.showAnother(this.#connection);
    await closing;
  }

  /**
   * Applies an answer of the change feed; see {@link Mirror.applyAnswer}.
   *
   * @throws OtherAccountError if the answer is about another account.
   */
  applyAnswer(answer: ChangesResponse, nowMs: number): void {
    const applied = this.mirror.applyAnswer(answer, nowMs);
    if (applied === undefined) return;
    const { changed, attempts, audit, synced, isAnew } = applied;
    this.#shown.update(changed, synced ? { lastSyncAt: isoOrNull(this.lastSyncAt) } : {}, audit);
    this.#windows.rows(attempts, audit);
    if (isAnew) this.#windows.rowsReplaced();
  }

  /** Applies what a write of this console changed, without waiting for the next poll. Does nothing if the account has changed. */
  applyWritten(accountId: string | null, written: Written): void {
    if (this.#opened === null || accountId !== this.accountId) return;
    this.#shown.update(this.mirror.applyWritten(written), {});
  }

  #closeStore(): Promise<void> {
    const opened = this.#opened;
    if (opened === null) return Promise.resolve();
    this.#opened = null;
    opened.unsubscribe();
    const closing = opened.store.close();
    this.mirror.clear();
    this.#trouble = null;
    this.#shown.refill();
    return closing;
  }

  #syncStatus() {
    return syncStatus(this.outbox?.counts() ?? null, this.#connection, this.#trouble);
  }
}

/** The embedded service may get another port, so its URL does not count. */
function isSameService(a: ServiceRef, b: ServiceRef): boolean {
  return a.kind === b.kind && (a.kind === 'embedded' || a.url === b.url);
}
