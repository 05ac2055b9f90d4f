import type { ChangesResponse } from '#shared/api/contract';
import type { Account, Attempt, AuditEvent, Key, Review } from '#shared/domain/entities';
import type { Connection, ServiceRef } from '#shared/ipc/connection';
import type { MirrorPatch, MirrorSnapshot } from '#shared/ipc/mirror';
import type { QueuedOperation } from '../outbox/queued-operation';
import type { Outbox, OutboxChange } from '../outbox/outbox';
import type { Publisher } from '../ports';
import type { AccountStore } from '../store/account-store';
import type { OpensAccountStores } from '../store/account-stores';
import type { MirrorKind, MirrorValue } from '../store/mirror-rows';
import { isoOrNull } from '../text';
import { type LogEdge, Mirror, type Written } from './mirror';
import { Overlay } from './overlay';
import { type ChangedIds, Shown } from './shown';
import { type SendingTrouble, syncStatus } from './sync-status';
import { type ReplicaChange, WindowFeed } from './window-feed';

interface Opened {
  readonly service: ServiceRef;
  readonly store: AccountStore;
  readonly unsubscribe: () => void;
}

/**
 * The account as this console shows it: the mirror of the service's state with the queued operations on top. Every change is
 * committed to the local store, then made in memory, then published to the windows, so that nobody sees what is not on disk.
 */
export class Replica {
  readonly #stores: OpensAccountStores;
  readonly #windows: WindowFeed;
  readonly #mirror = new Mirror();
  readonly #shown = new Shown();
  #opened: Opened | null = null;
  #overlay = new Overlay(this.#mirror.tables);
  #poll = 0;
  #connection: Connection = { kind: 'none' };
  #trouble: SendingTrouble | null = null;

  constructor(stores: OpensAccountStores, publisher: Publisher) {
    this.#stores = stores;
    this.#windows = new WindowFeed(publisher);
  }

  get cursor(): string | null {
    return this.#mirror.state.cursor;
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
    return this.#mirror.state.lastSyncAt;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Milliseconds by which the service's clock is ahead of this computer's; 0 as long as that is not known. */
  get clockOffsetMs(): number {
    return this.#mirror.clockOffsetMs;
  }

  /** See `SyncState.logCompleteFrom`. */
  get logCompleteFrom(): string | null {
    return this.#mirror.state.logCompleteFrom;
  }

  /** See `SyncState.auditCompleteFrom`. */
  get auditCompleteFrom(): string | null {
    return this.#mirror.state.auditCompleteFrom;
  }

  /** The edge down to which the local log is complete. */
  get logEdge(): LogEdge {
    return this.#mirror.logEdge;
  }

  /** Stores a page of the service from right below that edge. Returns true if the rows were stored. */
  keepOlderAttempts(edge: LogEdge, rows: readonly Attempt[], isAll: boolean): boolean {
    const store = this.#opened?.store;
    return store !== undefined && this.#mirror.keepOlder(store, edge, rows, isAll);
  }

  /** Deletes some of the rows of the log above its limit. Returns false if there are none. */
  trimLog(): boolean {
    const store = this.#opened?.store;
    return store !== undefined && this.#mirror.trimLog(store);
  }

  /** The state that new operations start from: the mirror with the queued operations on top. */
  get view(): Overlay {
    return this.#overlay;
  }

  reviews(): readonly Review[] {
    return this.#shown.values('review');
  }

  key(id: string): Key | undefined {
    return this.#shown.get('key', id);
  }

  snapshot(): MirrorSnapshot {
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
    };
  }

  /** The values of the mirror alone, without the queued operations. */
  mirrored<K extends MirrorKind>(kind: K): readonly MirrorValue<K>[] {
    return [...this.#mirror.rows(kind).values()].map((row) => row.value);
  }

  mirroredOne<K extends MirrorKind>(kind: K, id: string): MirrorValue<K> | undefined {
    return this.#mirror.rows(kind).get(id)?.value;
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
    const store = this.#opened?.store;
    if (store === undefined || !this.#mirror.takeClockOffset(store, measuredMs)) return;
    this.#show({}, { clockOffsetMs: this.clockOffsetMs });
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
    this.#closeStore();
    this.#mirror.load(store);
    const unsubscribe = store.outbox.subscribe({
      onChange: (change) => this.#onOutbox(change),
      onSettled: (settlements) => this.#windows.settled(settlements),
    });
    this.#opened = { service, store, unsubscribe };
    // The feed sends again what the disk has lost, from the cursor that is on disk.
    store.database.watch({
      onLost: () => {
        store.announced.rewrite();
        store.attempts.recount();
        this.#mirror.load(store);
        this.#showLoaded();
      },
    });
    this.#showLoaded();
  }

  #showLoaded(): void {
    this.#overlay = this.#overlaid();
    this.#shown.refill(this.#mirror.tables, this.#overlay);
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
    if (isRestored) this.forgetCursor();
    // The signed-in user is right even in a restored service.
    this.applyWritten(account.id, { account: isRestored ? { ...known, me: account.me } : account });
  }

  close(): void {
    if (this.#opened === null) return;
    this.#closeStore();
    this.#windows.showAnother(this.#connection);
  }

  /** Must be called before a poll is sent: its answer may be older than what this console writes meanwhile. */
  pollBegins(): void {
    this.#mirror.pollBegins();
    this.#poll = this.outbox?.pollBegins() ?? 0;
  }

  /** True if the next poll should answer at once, because it is known to bring something. */
  get awaitsFeed(): boolean {
    return this.outbox?.awaitsFeed ?? false;
  }

  /** Makes the next poll fetch a snapshot. The old state is shown until that is complete. */
  forgetCursor(): void {
    if (this.#opened !== null) this.#mirror.forgetCursor(this.#opened.store);
  }

  /**
   * Applies an answer of the change feed, with its cursor, in one transaction. Acknowledged operations whose effects it brings
   * leave the outbox in the same transaction, so that nothing flickers.
   *
   * @throws OtherAccountError if the answer is about another account.
   */
  applyAnswer(answer: ChangesResponse, nowMs: number): void {
    const store = this.#opened?.store;
    if (store === undefined) return;
    const brought = answer.more ? [] : store.outbox.broughtBy(this.#poll);
    const applied = this.#mirror.applyAnswer(store, answer, nowMs, brought);
    const { changed, attempts, audit, synced, isAnew } = applied;
    this.#show(changed, synced ? { lastSyncAt: isoOrNull(this.lastSyncAt) } : {}, audit);
    this.#windows.rows(attempts, audit);
    if (isAnew) this.#windows.rowsReplaced();
  }

  /** Applies what a write of this console changed, without waiting for the next poll. Does nothing if the account has changed. */
  applyWritten(accountId: string | null, written: Written): void {
    const store = this.#opened?.store;
    if (store === undefined || accountId !== store.accountId) return;
    this.#show(this.#mirror.applyWritten(store, written), {});
  }

  #closeStore(): void {
    const opened = this.#opened;
    if (opened === null) return;
    this.#opened = null;
    opened.unsubscribe();
    opened.store.close();
    this.#mirror.clear();
    this.#trouble = null;
    this.#overlay = new Overlay(this.#mirror.tables);
    this.#shown.refill(this.#mirror.tables, this.#overlay);
  }

  #overlaid(): Overlay {
    const overlay = new Overlay(this.#mirror.tables, this.clockOffsetMs);
    for (const entry of this.outbox?.own() ?? []) overlay.push(entry);
    return overlay;
  }

  #onOutbox(change: OutboxChange): void {
    const sync = this.#syncStatus();
    const isNews =
      change.kind === 'done' && change.entries.some((entry) => this.#overlay.isBehindTables(entry));
    if (change.kind === 'any' || isNews) this.#show({}, { sync });
    else if (change.kind === 'done') this.#publishShown({}, { sync });
    if (change.kind === 'appended') this.#publishShown(this.#pushed(change.entries), { sync });
    this.#windows.outboxChanged();
  }

  /** Puts new operations on top without applying the others again. Returns the ids that they touch. */
  #pushed(entries: readonly QueuedOperation[]): ChangedIds {
    const [range, review] = [new Set<string>(), new Set<string>()];
    for (const entry of entries) {
      const effect = this.#overlay.push(entry);
      for (const { id } of effect?.ranges ?? []) range.add(id);
      for (const { id } of effect?.removed ?? []) range.add(id);
      for (const { id } of effect?.reviews ?? []) review.add(id);
    }
    return { range, review };
  }

  /** Applies the outbox to the tables again, and publishes what is shown differently. */
  #show(
    changed: ChangedIds,
    alsoPublish: Omit<MirrorPatch, 'version'>,
    audit: readonly AuditEvent[] = [],
  ): void {
    const before = this.#overlay.changedIds();
    this.#overlay = this.#overlaid();
    const after = this.#overlay.changedIds();
    const ids: ChangedIds = {
      ...changed,
      range: [...(changed.range ?? []), ...before.ranges, ...after.ranges],
      review: [...(changed.review ?? []), ...before.reviews, ...after.reviews],
    };
    this.#publishShown(ids, alsoPublish, audit);
  }

  #publishShown(
    changed: ChangedIds,
    alsoPublish: Omit<MirrorPatch, 'version'>,
    audit: readonly AuditEvent[] = [],
  ): void {
    const patch = { ...alsoPublish, ...this.#shown.update(changed, this.#mirror.tables, this.#overlay) };
    if (Object.keys(patch).length > 0) this.#windows.publish(patch);
    this.#windows.tellListeners({ ...patch, audit });
  }

  #syncStatus() {
    return syncStatus(this.outbox?.counts() ?? null, this.#connection, this.#trouble);
  }
}

/** The embedded service may get another port, so its URL does not count. */
const isSameService = (a: ServiceRef, b: ServiceRef): boolean =>
  a.kind === b.kind && (a.kind === 'embedded' || a.url === b.url);
