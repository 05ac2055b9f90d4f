import { z } from 'zod';
import type { ChangesResponse } from '#shared/api/contract';
import type { Account, Attempt, AuditEvent, Key, Range, Review } from '#shared/domain/entities';
import { vocabularyText } from '#shared/domain/told';
import type { AccountStore } from '../store/account-store';
import type { MirrorKind, MirrorRow, MirrorValue } from '../store/mirror-rows';
import { FRESH_SYNC_STATE, type SyncState } from '../store/sync-state';
import { planAnswer, takeValue } from './plan-answer';
import { readClockOffset, steadyOffset, writeClockOffset } from './service-clock';
import type { ChangedIds } from './shown';
import { Draft, emptyTables, MIRROR_KINDS, type MirrorTables, setRow, type Tables } from './tables';

/** The values of enumerations that were known when the snapshot was read which the store has. */
const VOCABULARY_SETTING = 'sync.vocabulary';

/** What a write of this console changed, as the service answered it. */
export interface Written {
  readonly account?: Account;
  readonly ranges?: readonly Range[];
  readonly reviews?: readonly Review[];
  readonly keys?: readonly Key[];
}

/** What an answer of the feed has changed. */
export interface Applied {
  readonly changed: ChangedIds;
  readonly attempts: readonly Attempt[];
  readonly audit: readonly AuditEvent[];
  /** Whether the mirror was found equal to the service by it. */
  readonly synced: boolean;
  /** Whether it was the end of a snapshot, which log and trail have begun anew with. */
  readonly isAnew: boolean;
}

/** Where the complete part of the local log ends. */
export interface LogEdge {
  readonly generation: number;
  /** From this id on it is complete; null where that is not known. */
  readonly at: string | null;
}

/**
 * The service's state of one account, as far as this console knows it: in memory, and in the account's store. A change is
 * committed to the store before it is made in memory.
 */
export class Mirror {
  readonly tables: MirrorTables = emptyTables();
  /** `kind:id` of what this console wrote, and during which poll. */
  readonly #written = new Map<string, number>();
  #poll = 0;
  #state: SyncState = FRESH_SYNC_STATE;
  #clockOffsetMs = 0;

  rows<K extends MirrorKind>(kind: K): ReadonlyMap<string, MirrorRow<K>> {
    const tables: Tables = this.tables;
    return tables[kind];
  }

  get state(): SyncState {
    return this.#state;
  }

  /** How far the service's clock is ahead of this computer's, as far as that is known. */
  get clockOffsetMs(): number {
    return this.#clockOffsetMs;
  }

  /** Takes in what an answer has told of it. Returns true if it has changed. */
  takeClockOffset(store: AccountStore, measuredMs: number): boolean {
    const offsetMs = steadyOffset(this.#clockOffsetMs, measuredMs);
    if (offsetMs === this.#clockOffsetMs) return false;
    writeClockOffset(store, offsetMs);
    this.#clockOffsetMs = offsetMs;
    return true;
  }

  /** Takes in what the store has, in the place of what was there. */
  load(store: AccountStore): void {
    this.clear();
    this.#state = store.syncState.read();
    this.#clockOffsetMs = readClockOffset(store);
    let complete = true;
    for (const kind of MIRROR_KINDS) complete = this.#loadKind(store, kind) && complete;
    // A row that could not be read is missing in memory; a snapshot brings it back. What another version of the program did
    // not recognise, this one may.
    const isReadAlike = store.settings.read(VOCABULARY_SETTING, z.string()) === vocabularyText();
    if (!complete || !isReadAlike) this.#state = { ...this.#state, cursor: null };
    this.#takeSignIn(store);
  }

  clear(): void {
    for (const kind of MIRROR_KINDS) this.tables[kind].clear();
    this.#written.clear();
    this.#state = FRESH_SYNC_STATE;
    this.#clockOffsetMs = 0;
  }

  /** From here on an answer may be older than what this console writes meanwhile. */
  pollBegins(): void {
    this.#poll += 1;
    if (!this.#state.inSnapshot) this.#written.clear();
  }

  /** The next poll fetches a snapshot. What is there stays until that is complete. */
  forgetCursor(store: AccountStore): void {
    const next = { ...this.#state, cursor: null };
    store.syncState.write(next);
    this.#state = next;
  }

  /**
   * Applies an answer of the change feed, with its cursor, in one transaction, in which the acknowledged edits that it
   * brings leave the outbox.
   *
   * @throws OtherAccountError when it is about another account.
   */
  applyAnswer(
    store: AccountStore,
    answer: ChangesResponse,
    nowMs: number,
    brought: readonly string[],
  ): Applied {
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
        // It counts, and nothing comes to it in most answers.
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

  /** Where the complete part of the local log ends at this moment, for {@link keepOlder}. */
  get logEdge(): LogEdge {
    const { generation, inSnapshot, logCompleteFrom } = this.#state;
    return { generation, at: inSnapshot ? null : logCompleteFrom };
  }

  /**
   * Keeps rows that the service gave for the place right below the edge, all of them down to the last one, as long as there
   * is room. The local log is then complete from there on. Nothing happens when the edge has moved meanwhile.
   */
  keepOlder(store: AccountStore, edge: LogEdge, rows: readonly Attempt[], isAll: boolean): boolean {
    const now = this.logEdge;
    if (edge.at === null || edge.at === '') return false;
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

  /** Deletes some of the rows of the log above its limit. False when there are none. */
  trimLog(store: AccountStore): boolean {
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
  applyWritten(store: AccountStore, written: Written): ChangedIds {
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
    write(store, () => writeDraft(store, draft));
    const changed = draft.changedIds();
    draft.apply();
    this.#takeSignIn(store);
    return changed;
  }

  /** Whose token it is decides whose edits are sent and shown. */
  #takeSignIn(store: AccountStore): void {
    store.outbox.signIn(this.tables.account.get(store.accountId)?.value.me);
  }

  /** A snapshot that was asked for after them has them, unless the service has lost them. */
  #forgetWrittenBefore(poll: number): void {
    for (const [id, writtenDuring] of this.#written) if (writtenDuring < poll) this.#written.delete(id);
  }

  #loadKind(store: AccountStore, kind: MirrorKind): boolean {
    const { rows, complete } = store.mirror.read(kind);
    for (const row of rows) setRow(this.tables, kind, row);
    return complete;
  }
}

/** From where on a list is complete once everything below `oldest` is deleted; null: nothing was. */
const raised = (completeFrom: string | null, oldest: string | null): string | null =>
  completeFrom !== null && oldest !== null && completeFrom < oldest ? oldest : completeFrom;

/** All of the work or none of it, and the log's number of rows is as it was when it is none. */
const write = <T>(store: AccountStore, work: () => T): T =>
  store.database.transaction(work, () => store.attempts.recount());

function writeDraft(store: AccountStore, draft: Draft): void {
  for (const kind of MIRROR_KINDS) {
    const { put, removed } = draft.changes(kind);
    for (const row of put) store.mirror.put(kind, row.value.id, row);
    for (const id of removed) store.mirror.remove(kind, id);
  }
}
