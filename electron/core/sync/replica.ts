import type { ChangesResponse } from '#shared/api/contract';
import type { Account, Attempt, Key, Range, Review } from '#shared/domain/entities';
import type { Connection, MirrorPatch, MirrorSnapshot } from '#shared/ipc/contract';
import type { Publisher } from '../ports';
import type { MirrorKind, MirrorValue } from '../store/mirror-rows';
import type { Store } from '../store/store';
import { FRESH_SYNC_STATE, type SyncState } from '../store/sync-state';
import { isoTime } from '../text';
import { planAnswer, takeValue } from './plan-answer';
import { publishAttempts } from './publish-attempts';
import { Draft, emptyTables, MIRROR_KINDS, setRow, type Tables } from './tables';

/** What a write of this console changed, as the service answered it. */
export interface Written {
  readonly account?: Account;
  readonly ranges?: readonly Range[];
  readonly removedRangeIds?: readonly string[];
  readonly reviews?: readonly Review[];
  readonly keys?: readonly Key[];
}

/**
 * The state of the account as this console knows it. Every change goes the same way: committed to the local store, then
 * made in memory, then published to the windows, so that nobody sees what is not on disk.
 */
export class Replica {
  readonly #store: Store;
  readonly #publisher: Publisher;
  readonly #tables: Tables = emptyTables();
  readonly #written = new Set<string>();
  readonly #removedRanges = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #state: SyncState;
  #version = 1;
  #connection: Connection = { kind: 'none' };

  constructor(store: Store, publisher: Publisher) {
    this.#store = store;
    this.#publisher = publisher;
    this.#state = store.syncState.read();
    let complete = true;
    for (const kind of MIRROR_KINDS) complete = this.#load(kind) && complete;
    // A row that could not be read is missing in memory; a snapshot brings it back.
    if (!complete) this.#state = { ...this.#state, cursor: null };
  }

  get cursor(): string | null {
    return this.#state.cursor;
  }

  /** The account whose data this is; null before the first connection. */
  get accountId(): string | null {
    return this.#state.accountId;
  }

  /** Milliseconds since the epoch, or null when the mirror never equalled the service. */
  get lastSyncAt(): number | null {
    return this.#state.lastSyncAt;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** See {@link SyncState.logCompleteFrom}. */
  get logCompleteFrom(): string | null {
    return this.#state.logCompleteFrom;
  }

  reviews(): readonly Review[] {
    return this.#values('review');
  }

  key(id: string): Key | undefined {
    return this.#tables.key.get(id)?.value;
  }

  snapshot(): MirrorSnapshot {
    return {
      version: this.#version,
      connection: this.#connection,
      lastSyncAt: isoOrNull(this.#state.lastSyncAt),
      account: this.#values('account')[0] ?? null,
      ranges: this.#values('range'),
      reviews: this.#values('review'),
      keys: this.#values('key'),
    };
  }

  /** Calls the listener after each change of the mirror; gives the way to stop that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setConnection(connection: Connection): void {
    this.#connection = connection;
    this.#publish({ connection });
  }

  /**
   * Makes the mirror that of this account. Another account's data are deleted first: two accounts never mix. A window
   * then finds a gap in the versions and fetches everything anew.
   */
  adopt(account: Account): void {
    if (this.#state.accountId === account.id) {
      this.applyWritten(account.id, { account });
      return;
    }
    const row = { value: account, generation: this.#state.generation + 1 };
    const next = { ...FRESH_SYNC_STATE, accountId: account.id, generation: row.generation };
    this.#store.database.transaction(() => {
      this.#store.mirror.clear();
      this.#store.attempts.clear();
      this.#store.announced.clear();
      this.#store.syncState.write(next);
      this.#store.mirror.put('account', account.id, row);
    });
    for (const kind of MIRROR_KINDS) this.#tables[kind].clear();
    this.#tables.account.set(account.id, row);
    this.#written.clear();
    this.#removedRanges.clear();
    this.#state = next;
    this.#version += 1;
    this.#publish({ connection: this.#connection });
    this.#tellListeners();
  }

  /** From here on an answer may be older than what this console writes meanwhile. */
  pollBegins(): void {
    if (!this.#state.inSnapshot) this.#written.clear();
  }

  /** The next poll fetches a snapshot. What is shown stays until that is complete. */
  forgetCursor(): void {
    const next = { ...this.#state, cursor: null };
    this.#store.syncState.write(next);
    this.#state = next;
  }

  /**
   * Applies an answer of the change feed, with its cursor, in one transaction.
   *
   * @throws OtherAccountError when it is about another account.
   */
  applyAnswer(answer: ChangesResponse, nowMs: number): void {
    const draft = new Draft(this.#tables);
    const own = { written: this.#written, removedRanges: this.#removedRanges };
    const plan = planAnswer(draft, this.#state, answer, own, nowMs);
    let next = plan.next;
    const changedAttempts: Attempt[] = [];
    this.#store.database.transaction(() => {
      this.#writeDraft(draft);
      for (const attempt of plan.attempts) {
        if (this.#store.attempts.put(attempt)) changedAttempts.push(attempt);
      }
      for (const id of plan.removedAttempts) this.#store.attempts.remove(id);
      const oldestKept = this.#store.attempts.trim();
      if (oldestKept !== null && next.logCompleteFrom !== null && next.logCompleteFrom < oldestKept) {
        next = { ...next, logCompleteFrom: oldestKept };
      }
      this.#store.syncState.write(next);
    });
    const synced = next.lastSyncAt !== this.#state.lastSyncAt;
    this.#state = next;
    for (const id of plan.settledRanges) this.#removedRanges.delete(id);
    this.#commitDraft(draft, synced ? { lastSyncAt: isoOrNull(next.lastSyncAt) } : {});
    publishAttempts(this.#publisher, changedAttempts);
  }

  /**
   * Applies what a write of this console changed, without waiting for the next poll. Nothing happens when the mirror has
   * meanwhile become another account's.
   */
  applyWritten(accountId: string | null, written: Written): void {
    if (accountId === null || accountId !== this.#state.accountId) return;
    const draft = new Draft(this.#tables);
    const { generation } = this.#state;
    const take = <K extends MirrorKind>(kind: K, values: readonly MirrorValue<K>[] = []): void => {
      for (const value of values) {
        takeValue(draft, kind, value, generation);
        this.#written.add(`${kind}:${value.id}`);
      }
    };
    take('account', written.account === undefined ? [] : [written.account]);
    take('range', written.ranges);
    take('review', written.reviews);
    take('key', written.keys);
    for (const id of written.removedRangeIds ?? []) {
      draft.remove('range', id);
      this.#removedRanges.add(id);
    }
    this.#store.database.transaction(() => this.#writeDraft(draft));
    this.#commitDraft(draft, {});
  }

  #load(kind: MirrorKind): boolean {
    const { rows, complete } = this.#store.mirror.read(kind);
    for (const row of rows) setRow(this.#tables, kind, row);
    return complete;
  }

  #values<K extends MirrorKind>(kind: K): MirrorValue<K>[] {
    return [...this.#tables[kind].values()].map((row) => row.value);
  }

  #writeDraft(draft: Draft): void {
    for (const kind of MIRROR_KINDS) {
      const { put, removed } = draft.changes(kind);
      for (const row of put) this.#store.mirror.put(kind, row.value.id, row);
      for (const id of removed) this.#store.mirror.remove(kind, id);
    }
  }

  #commitDraft(draft: Draft, alsoPublish: Omit<MirrorPatch, 'version'>): void {
    const account = draft.changedValues('account')[0];
    const patchOf = <K extends 'range' | 'review' | 'key'>(kind: K) => {
      const upserted = [...draft.changedValues(kind)];
      const removed = [...draft.changes(kind).removed];
      return upserted.length + removed.length === 0 ? undefined : { upserted, removed };
    };
    const patch = {
      ...alsoPublish,
      ...(account === undefined ? {} : { account }),
      ...present('ranges', patchOf('range')),
      ...present('reviews', patchOf('review')),
      ...present('keys', patchOf('key')),
    };
    draft.apply();
    if (Object.keys(patch).length > 0) this.#publish(patch);
    this.#tellListeners();
  }

  #publish(patch: Omit<MirrorPatch, 'version'>): void {
    this.#version += 1;
    this.#publisher.publish('mirror', 'patch', { version: this.#version, ...patch });
  }

  #tellListeners(): void {
    for (const listener of this.#listeners) listener();
  }
}

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

const present = <N extends string, T>(name: N, value: T | undefined): { readonly [P in N]?: T } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [P in N]?: T });
