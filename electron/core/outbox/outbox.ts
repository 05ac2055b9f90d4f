import type { OperationResult } from '#shared/api/routes-operations';
import { derivedId } from '#shared/domain/derived-id';
import type { Account } from '#shared/domain/entities';
import { type Adoption, adopted } from './adopt';
import {
  type QueuedOperation,
  isRange,
  isReview,
  isUnsent,
  type NewOperation,
  type Parked,
  type SignedOperation,
} from './queued-operation';
import { OperationTable, type OutboxCounts } from './operation-table';
import { expiryFor, needsConfirmation } from './hold';
import { nextBatch } from './next-batch';
import { rebased } from './resolve';
import { reopeningsOf, settleBatch, waitingAgain } from './settle-batch';
import { inPlaceOf, takeIn } from './take-in';
import { type OutboxDisk, type Step, writeStep } from './write-step';

export type SignedIn = Pick<Account['me'], 'userId' | 'email'>;

/** The end of an operation, or the reason why it stopped. */
export type Settlement =
  | { readonly kind: 'done'; readonly entry: QueuedOperation; readonly atMs: number }
  | { readonly kind: 'parked'; readonly entry: QueuedOperation; readonly parked: Parked }
  /** Taken back or discarded before it was sent, or replaced by another operation. */
  | { readonly kind: 'undone'; readonly entry: QueuedOperation };

/** A change of the queue. `appended` and `done` name the operations, so that listeners need not read the whole queue. */
export type OutboxChange =
  | { readonly kind: 'appended'; readonly entries: readonly QueuedOperation[] }
  | { readonly kind: 'progress' }
  | { readonly kind: 'done'; readonly entries: readonly QueuedOperation[] }
  | { readonly kind: 'any' };

export interface OutboxListener {
  onChange(change: OutboxChange): void;
  onSettled(settlements: readonly Settlement[]): void;
}

const ANY: OutboxChange = { kind: 'any' };

/**
 * The operations of one account that the service does not have yet, or that the mirror does not show yet, in the order in which
 * they were made. Every change is on disk before it is in memory and before listeners are told. An operation is sent only while
 * its author is signed in (docs/behaviour.md 8.4.5).
 */
export class Outbox {
  readonly #disk: OutboxDisk;
  readonly #table = new OperationTable();
  /** The number of the poll that had begun last when an operation was acknowledged, by operation id. */
  readonly #doneAt = new Map<string, number>();
  /** The service's ids of ranges by the ids that this console made up for them. They are forgotten when the program ends. */
  readonly #realIds = new Map<string, string>();
  readonly #listeners = new Set<OutboxListener>();
  #signedIn: SignedIn | undefined;
  #poll = 0;

  constructor(disk: OutboxDisk, entries: readonly QueuedOperation[]) {
    this.#disk = disk;
    this.#table.put(entries);
    this.#watch(entries);
  }

  entries(): readonly QueuedOperation[] {
    return [...this.#table.values()];
  }

  /** The operations of the person who is signed in, in order. Only these are shown as if they held. */
  *own(): Generator<QueuedOperation> {
    for (const entry of this.#table.values()) if (!this.isOthers(entry)) yield entry;
  }

  get size(): number {
    return this.#table.size;
  }

  get(id: string): QueuedOperation | undefined {
    return this.#table.get(id);
  }

  /** The last operation of the person who is signed in on an entity; see {@link OperationTable.lastOn}. */
  lastOn(subject: string): QueuedOperation | undefined {
    return this.#table.lastOn(subject, this.#table.signedInId);
  }

  isOthers(entry: QueuedOperation): boolean {
    return this.#table.isOthers(entry);
  }

  /** New operations get this author, and only this author's operations are sent. */
  signIn(signedIn: SignedIn | undefined): void {
    const before = this.#table.signedInId;
    this.#signedIn = signedIn;
    this.#table.signedInId = signedIn?.userId;
    if (before === signedIn?.userId || this.size === 0) return;
    for (const listener of this.#listeners) listener.onChange(ANY);
  }

  /** See {@link OperationTable.behind}. */
  behind(id: string): readonly QueuedOperation[] {
    return this.#table.behind(id);
  }

  counts(): OutboxCounts {
    return this.#table.counts();
  }

  /** The number of operations that the service has not acknowledged, for whatever reason. */
  get unsent(): number {
    const { waiting, conflicts, needsConfirmation: asking, others } = this.counts();
    return waiting + conflicts + asking + others;
  }

  /** The id under which the service knows a range that this console made. */
  realRangeId(id: string): string {
    return this.#realIds.get(id) ?? id;
  }

  subscribe(listener: OutboxListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Queues operations in order, all or none. Returns the id of each, or null where nothing is left to do: an operation may merge
   * with the one before it on the same entity.
   */
  enqueue(edits: readonly NewOperation[], nowMs: number): readonly (string | null)[] {
    const { put, undone, ids, isAppended } = takeIn(this.#table, this.#signed(edits), nowMs);
    const change: OutboxChange = isAppended ? { kind: 'appended', entries: put } : ANY;
    this.#commit({ put, drop: undone.map(({ operation }) => operation.id) }, change);
    this.#tellSettled(undone.map((entry) => ({ kind: 'undone', entry })));
    return ids;
  }

  /**
   * Puts operations in the position of one that waits for a person, and updates those behind it, in one step. A queued reopening
   * of the replaced answer is dropped too, because it takes back an answer that no longer exists.
   */
  replace(
    id: string,
    edits: readonly NewOperation[],
    followers: readonly QueuedOperation[],
    nowMs: number,
  ): void {
    const replaced = this.#table.get(id);
    if (replaced === undefined) return;
    const put = [...inPlaceOf(this.#table, replaced, this.#signed(edits), nowMs), ...followers];
    this.#takeOut(replaced, put);
  }

  /** Takes back an operation that was never sent or that waits for a person. Returns false if it is too late for that. */
  undo(id: string): boolean {
    const entry = this.#table.get(id);
    if (entry === undefined || !(isUnsent(entry) || entry.state.kind === 'parked')) return false;
    this.#takeOut(entry);
    return true;
  }

  /** Replaces other people's operations by copies of the person who is signed in, at the end of the queue. */
  adopt(ids: readonly string[], adoption: Adoption): void {
    const theirs = this.#others(ids);
    const place = this.#table.lastPosition + 1;
    const own = this.#signed(adopted(theirs, adoption));
    this.#commit({
      put: own.map((entry, index) => ({ ...entry, position: place + index })),
      drop: theirs.map(({ operation }) => operation.id),
    });
    this.#tellSettled(theirs.map((entry) => ({ kind: 'undone', entry })));
  }

  /** Drops other people's operations for good and returns them. */
  discard(ids: readonly string[]): readonly QueuedOperation[] {
    const theirs = this.#others(ids);
    this.#commit({ drop: theirs.map(({ operation }) => operation.id) });
    this.#tellSettled(theirs.map((entry) => ({ kind: 'undone', entry })));
    return theirs;
  }

  /** Replaces operations by changed versions of themselves, in their positions. */
  update(entries: readonly QueuedOperation[]): void {
    this.#commit({ put: entries });
  }

  /** Holds the operations that have waited too long to be sent without confirmation. */
  holdStale(nowMs: number): void {
    const stale = this.entries().filter(
      (entry) => entry.state.kind === 'pending' && !this.isOthers(entry) && needsConfirmation(entry, nowMs),
    );
    if (stale.length === 0) return;
    this.#park(stale, {
      reason: 'needs_confirmation',
      code: 'waited_too_long',
      detail: 'It has waited too long to be sent without asking.',
    });
  }

  /** The next operations to send of the person who is signed in; see {@link nextBatch}. */
  nextBatch(limit: number): readonly QueuedOperation[] {
    return nextBatch(this.own(), limit);
  }

  /** Writes down that the operations are being sent, and returns them as they go out. */
  markSent(batch: readonly QueuedOperation[], clockOffsetMs: number | null): readonly QueuedOperation[] {
    const sent = batch.map((entry): QueuedOperation => {
      const expiresAt = entry.attempts === 0 ? expiryFor(entry, clockOffsetMs) : undefined;
      return {
        ...entry,
        ...(expiresAt === undefined ? {} : { operation: { ...entry.operation, expiresAt } }),
        attempts: entry.attempts + 1,
        state: { kind: 'inflight' },
      };
    });
    const reworded = sent.filter(({ operation }, index) => operation !== batch[index]?.operation);
    const ids = sent.map(({ operation }) => operation.id);
    this.#commit(
      {
        put: reworded.map((entry) => ({ ...entry, attempts: entry.attempts - 1 })),
        progress: sent,
        notes: [{ sent: ids }],
      },
      { kind: 'progress' },
    );
    return sent;
  }

  unanswered(batch: readonly QueuedOperation[], lastError: string): void {
    const progress = this.#inflight(batch).map((entry) => waitingAgain(entry, lastError));
    this.#commit({ progress }, { kind: 'progress' });
  }

  /** Applies the service's results, in whatever order they came. An operation without a result waits again. */
  answered(batch: readonly QueuedOperation[], results: readonly OperationResult[], nowMs: number): void {
    const settled = settleBatch(this.#inflight(batch), results, (id) => this.behind(id));
    const { done, parked, silent, undone } = settled;
    const put = [
      ...parked.map(({ entry }) => entry),
      ...settled.followers,
      ...done.flatMap((entry) => this.#renamed(entry)),
    ];
    const acknowledged = done.map(({ operation }) => operation.id);
    this.#commit(
      {
        put,
        progress: [...done, ...silent],
        drop: undone.map(({ operation }) => operation.id),
        notes: done.length === 0 ? [] : [{ drop: acknowledged }],
      },
      put.length + undone.length === 0 ? { kind: 'done', entries: done } : ANY,
    );
    this.#tellSettled([
      ...done.map((entry): Settlement => ({ kind: 'done', entry, atMs: nowMs })),
      ...parked.map((each): Settlement => ({ kind: 'parked', ...each })),
      ...undone.map((entry): Settlement => ({ kind: 'undone', entry })),
    ]);
  }

  refused(batch: readonly QueuedOperation[], code: string, detail: string): void {
    this.#park(this.#inflight(batch), { reason: 'rejected', code, detail });
  }

  /** True while the feed has not brought the effect of an acknowledged operation. */
  get awaitsFeed(): boolean {
    return this.#doneAt.size > 0;
  }

  /** Begins a poll and returns its number. Its last answer contains everything that was acknowledged before it began. */
  pollBegins(): number {
    this.#poll += 1;
    return this.#poll;
  }

  /** The ids of the operations whose effects are in the mirror once this poll has its last answer. */
  broughtBy(poll: number): readonly string[] {
    return [...this.#doneAt].filter(([, doneAt]) => doneAt < poll).map(([id]) => id);
  }

  /** Deletes rows inside a transaction of the caller, who calls `forget` after the commit. */
  deleteRows(ids: readonly string[]): void {
    for (const id of ids) this.#disk.rows.remove(id);
  }

  /** Drops operations from memory. The caller tells the listeners. */
  forget(ids: readonly string[]): void {
    for (const id of ids) {
      this.#table.drop(id);
      this.#doneAt.delete(id);
    }
  }

  /**
   * Learns the service's id of a range where it differs from this console's: the range existed already, or an answer made it.
   * Returns the operations behind, which now name the service's id.
   */
  #renamed({ operation, state }: QueuedOperation): readonly QueuedOperation[] {
    if (state.kind !== 'done' || state.entity === null) return [];
    const { entity } = state;
    if (isReview(entity) && entity.rangeId !== null) {
      this.#realIds.set(derivedId(operation.id), entity.rangeId);
    }
    if (!isRange(entity) || operation.type !== 'range.add' || operation.rangeId === undefined) return [];
    if (entity.id === operation.rangeId) return [];
    this.#realIds.set(operation.rangeId, entity.id);
    return rebased(this.behind(operation.id), { rangeId: entity.id, version: entity.version });
  }

  /** Drops an operation together with its queued reopenings; `put` takes its position. */
  #takeOut(entry: QueuedOperation, put: readonly QueuedOperation[] = []): void {
    const out = [entry, ...reopeningsOf(entry, this.behind(entry.operation.id))];
    this.#commit({ put, drop: out.map(({ operation }) => operation.id) });
    this.#tellSettled(out.map((each) => ({ kind: 'undone', entry: each })));
  }

  #park(entries: readonly QueuedOperation[], why: Pick<Parked, 'reason' | 'code' | 'detail'>): void {
    const state: Parked = { kind: 'parked', ...why, current: null };
    const parked = entries.map((entry) => ({ ...entry, state }));
    this.#commit({ put: parked });
    this.#tellSettled(parked.map((entry) => ({ kind: 'parked', entry, parked: state })));
  }

  #signed<T extends NewOperation>(edits: readonly T[]): readonly (T & SignedOperation)[] {
    const { userId: authorId, email = null } = this.#signedIn ?? {};
    return edits.map((edit) => ({
      ...edit,
      operation: { ...edit.operation, authorId },
      authorEmail: email,
    }));
  }

  #others(ids: readonly string[]): readonly QueuedOperation[] {
    const wanted = new Set(ids);
    return this.entries().filter((entry) => wanted.has(entry.operation.id) && this.isOthers(entry));
  }

  #inflight(batch: readonly QueuedOperation[]): readonly QueuedOperation[] {
    return batch.flatMap(({ operation }) => {
      const entry = this.#table.get(operation.id);
      return entry?.state.kind === 'inflight' ? [entry] : [];
    });
  }

  #commit(step: Step, change: OutboxChange = ANY): void {
    const { put = [], progress = [], drop = [] } = step;
    if (put.length + progress.length + drop.length === 0) return;
    writeStep(this.#disk, this.#table, step);
    this.#watch([...put, ...progress]);
    for (const listener of this.#listeners) listener.onChange(change);
  }

  #watch(entries: readonly QueuedOperation[]): void {
    for (const { operation, state } of entries) {
      if (state.kind === 'done' && !this.#doneAt.has(operation.id))
        this.#doneAt.set(operation.id, this.#poll);
    }
  }

  #tellSettled(settlements: readonly Settlement[]): void {
    if (settlements.length === 0) return;
    for (const listener of this.#listeners) listener.onSettled(settlements);
  }
}
