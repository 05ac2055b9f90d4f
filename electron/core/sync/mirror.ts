import { z } from 'zod';
import type { ChangesResponse } from '#shared/api/contract';
import type { Account, Attempt, AuditEvent, Key, Range, Review } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import { vocabularyText } from '#shared/domain/told';
import type { AccountStore } from '../store/account-store';
import type { MirrorKind, MirrorRow, MirrorValue } from '../store/mirror-rows';
import { FRESH_SYNC_STATE, type SyncState } from '../store/sync-state';
import { planAnswer, takeValue } from './plan-answer';
import { readClockOffset, steadyOffset, writeClockOffset } from './service-clock';
import type { ChangedIds } from './shown';
import { Draft, emptyTables, MIRROR_KINDS, type MirrorTables, setRow, type Tables } from './tables';

/** The enumeration values that the program knew when it read the stored snapshot. */
const VOCABULARY_SETTING = 'sync.vocabulary';

/** Entities in the service's answer to a write of this console. */
export interface Written {
  readonly account?: Account;
  readonly ranges?: readonly Range[];
  readonly reviews?: readonly Review[];
  readonly keys?: readonly Key[];
  readonly sources?: readonly Source[];
}

/** The changes that an answer of the feed made. */
export interface Applied {
  readonly changed: ChangedIds;
  readonly attempts: readonly Attempt[];
  readonly audit: readonly AuditEvent[];
  /** True if the mirror was found equal to the service. */
  readonly synced: boolean;
  /** True if a snapshot was completed, so that log and trail were replaced. */
  readonly isAnew: boolean;
}

/** The edge down to which the local log is complete. */
export interface LogEdge {
  readonly generation: number;
  /** The id from which on it is complete, even if no row has that id; null if it is not known. */
  readonly at: string | null;
}

/**
 * The service's state of one account, as far as this console knows it, in memory and in the account's store. A change is
 * committed to the store before it is made in memory.
 */
export class Mirror {
  readonly tables: MirrorTables = emptyTables();
  /** The number of the poll during which this console wrote an entity, by `kind:id`. */
  readonly #written = new Map<string, number>();
  #store: AccountStore | undefined;
  #poll = 0;
  /** The number of the same poll in the outbox. */
  #outboxPoll = 0;
  #state: SyncState = FRESH_SYNC_STATE;
  #clockOffsetMs = 0;

  rows<K extends MirrorKind>(kind: K): ReadonlyMap<string, MirrorRow<K>> {
    const tables: Tables = this.tables;
    return tables[kind];
  }

  get state(): SyncState {
    return this.#state;
  }

  /** Milliseconds by which the service's clock is ahead of this computer's; 0 as long as that is not known. */
  get clockOffsetMs(): number {
    return this.#clockOffsetMs;
  }

  /** Takes in a measurement in milliseconds. Returns true if the offset has changed. */
  takeClockOffset(measuredMs: number): boolean {
    const offsetMs = steadyOffset(this.#clockOffsetMs, measuredMs);
    if (this.#store === undefined || offsetMs === this.#clockOffsetMs) return false;
    writeClockOffset(this.#store, offsetMs);
    this.#clockOffsetMs = offsetMs;
    return true;
  }

  load(store: AccountStore): void {
    this.clear();
    this.#store = store;
    this.#state = store.syncState.read();
    this.#clockOffsetMs = readClockOffset(store);
    const complete = MIRROR_KINDS.map((kind) => this.#loadKind(store, kind)).every(Boolean);
    // Only a snapshot brings back a row that could not be read, or a value that another version of the program did not recognise.
    const isReadAlike = store.settings.read(VOCABULARY_SETTING, z.string()) === vocabularyText();
    if (!complete || !isReadAlike) this.#state = { ...this.#state, cursor: null };
    this.#takeSignIn(store);
  }

  clear(): void {
    this.#store = undefined;
    for (const kind of MIRROR_KINDS) this.tables[kind].clear();
    this.#written.clear();
    this.#state = FRESH_SYNC_STATE;
    this.#clockOffsetMs = 0;
  }

  /** Must be called before a poll is sent: its answer may be older than what this console writes meanwhile. */
  pollBegins(): void {
    this.#poll += 1;
    this.#outboxPoll = this.#store?.outbox.awaited.pollBegins() ?? 0;
    if (!this.#state.inSnapshot) this.#written.clear();
  }

  /** Makes the next poll fetch a snapshot. The rows stay until that is complete. */
  forgetCursor(): void {
    const next = { ...this.#state, cursor: null };
    this.#store?.syncState.write(next);
    this.#state = next;
  }

  /**
   * Applies an answer of the change feed, with its cursor, in one transaction. Acknowledged operations whose effects it brings
   * leave the outbox in the same transaction, so that nothing flickers. Returns undefined if no store is open.
   *
   * @throws OtherAccountError if the answer is about another account.
   */
  applyAnswer(answer: ChangesResponse, nowMs: number): Applied | undefined {
    const store = this.#store;
    if (store === undefined) return undefined;
    const brought = answer.more ? [] : store.outbox.awaited.broughtBy(this.#outboxPoll);
    const draft = new Draft(this.tables);
    if (answer.reset) this.#forgetWrittenBefore(this.#poll);
    const own = {
      accountId: store.accountId,
      isWritten: (kind: MirrorKind, id: string) => this.#written.has(`${kind}:${id}`),
    };
    const plan = planAnswer(draft, this.#state, answer, own, nowMs);
    let next = plan.next;
    const attempts: Attempt[] = [];
    const audit: AuditEvent[] = [];
    write(store, () => {
      attempts.length = 0;
      audit.length = 0;
      next = plan.next;
      writeDraft(store, draft);
      for (const attempt of plan.attempts) {
        if (store.attempts.put(attempt, next.generation)) attempts.push(attempt);
      }
      for (const id of plan.removedAttempts) store.attempts.remove(id);
      for (const event of plan.audit) if (store.audit.put(event, next.generation)) audit.push(event);
      if (plan.sweep !== null) {
        store.attempts.sweep(plan.sweep.logFrom, null, next.generation);
        store.audit.sweep(plan.sweep.auditFrom, next.generation);
      }
      next = {
        ...next,
        logCompleteFrom: raised(next.logCompleteFrom, store.attempts.trim()),
        // `trim` counts the rows, and most answers bring no event.
        auditCompleteFrom: raised(next.auditCompleteFrom, audit.length === 0 ? null : store.audit.trim()),
      };
      if (answer.reset) store.settings.note(VOCABULARY_SETTING, vocabularyText());
      store.outbox.deleteRows(brought);
      store.syncState.write(next);
    });
    const synced = next.lastSyncAt !== this.#state.lastSyncAt;
    this.#state = next;
    const changed = draft.changedIds();
    draft.apply();
    store.outbox.forget(brought);
    this.#takeSignIn(store);
    return { changed, attempts, audit, synced, isAnew: plan.sweep !== null };
  }

  /** The edge to pass to {@link keepOlder}. */
  get logEdge(): LogEdge {
    const { generation, inSnapshot, logCompleteFrom } = this.#state;
    return { generation, at: inSnapshot ? null : logCompleteFrom };
  }

  /**
   * Stores a page of rows from right below the edge, if there is room, and moves the edge down. `isAll` says that the service has
   * no older ones. Returns false if nothing was stored, also because the edge has moved meanwhile.
   */
  keepOlder(edge: LogEdge, rows: readonly Attempt[], isAll: boolean): boolean {
    const store = this.#store;
    const now = this.logEdge;
    if (store === undefined || edge.at === null || edge.at === '') return false;
    if (now.at !== edge.at || now.generation !== edge.generation) return false;
    if (!store.attempts.hasRoomFor(rows.length)) return false;
    const from = isAll ? '' : (rows.at(-1)?.id ?? edge.at);
    const next = { ...this.#state, logCompleteFrom: from };
    write(store, () => {
      for (const row of rows) store.attempts.put(row, next.generation);
      store.attempts.sweep(from, edge.at, next.generation);
      store.syncState.write(next);
    });
    this.#state = next;
    return true;
  }

  /** Deletes some of the rows of the log above its limit. Returns false if there are none. */
  trimLog(): boolean {
    const store = this.#store;
    if (store === undefined) return false;
    const next = write(store, () => {
      const oldest = store.attempts.trim();
      if (oldest === null) return null;
      const trimmed = { ...this.#state, logCompleteFrom: raised(this.#state.logCompleteFrom, oldest) };
      store.syncState.write(trimmed);
      return trimmed;
    });
    if (next !== null) this.#state = next;
    return next !== null;
  }

  /** Applies what a write of this console changed, without waiting for the next poll. */
  applyWritten(written: Written): ChangedIds {
    const store = this.#store;
    if (store === undefined) return {};
    const draft = new Draft(this.tables);
    const { generation } = this.#state;
    const take = <K extends MirrorKind>(kind: K, values: readonly MirrorValue<K>[] = []): void => {
      for (const value of values) {
        if (takeValue(draft, kind, value, generation)) this.#written.set(`${kind}:${value.id}`, this.#poll);
      }
    };
    take('account', written.account === undefined ? [] : [written.account]);
    take('range', written.ranges);
    take('review', written.reviews);
    take('key', written.keys);
    take('source', written.sources);
    write(store, () => writeDraft(store, draft));
    const changed = draft.changedIds();
    draft.apply();
    this.#takeSignIn(store);
    return changed;
  }

  /** The owner of the token decides whose operations are sent and shown. */
  #takeSignIn(store: AccountStore): void {
    store.outbox.signIn(this.tables.account.get(store.accountId)?.value.me);
  }

  /** A snapshot that was requested after a write contains it, unless the service has lost it. */
  #forgetWrittenBefore(poll: number): void {
    for (const [id, writtenDuring] of this.#written) if (writtenDuring < poll) this.#written.delete(id);
  }

  #loadKind(store: AccountStore, kind: MirrorKind): boolean {
    const { rows, complete } = store.mirror.read(kind);
    for (const row of rows) setRow(this.tables, kind, row);
    return complete;
  }
}

/** Returns the id from which a list is complete after everything below `oldest` was deleted (null: nothing was). */
function raised(completeFrom: string | null, oldest: string | null): string | null {
  return completeFrom !== null && oldest !== null && completeFrom < oldest ? oldest : completeFrom;
}

/** Runs the work in a transaction. The cached row count of the log is restored if that is rolled back. */
function write<T>(store: AccountStore, work: () => T): T {
  return store.database.transaction(work, () => store.attempts.recount());
}

function writeDraft(store: AccountStore, draft: Draft): void {
  for (const kind of MIRROR_KINDS) {
    const { put, removed } = draft.changes(kind);
    for (const row of put) store.mirror.put(kind, row.value.id, row);
    for (const id of removed) store.mirror.remove(kind, id);
  }
}
