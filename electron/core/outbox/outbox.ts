import type { OperationResult } from '#shared/api/routes-operations';
import { derivedId } from '#shared/domain/derived-id';
import { isUndecided, type Undecided } from '#shared/domain/outbox';
import type { Settled } from '#shared/ipc/outbox';
import { refusalWords } from '#shared/ipc/refusal-words';
import { type Author, signedBy } from './authors';
import { AwaitedEffects } from './awaited-effects';
import { type QueuedOperation, isRange, isReview, isUnsent, type NewOperation } from './queued-operation';
import { OperationTable, type OutboxCounts } from './operation-table';
import { expiryFor, needsConfirmation } from './hold';
import { nextBatch } from './next-batch';
import { rebased } from './resolve';
import { settledOf } from './settle';
import { reopeningsOf, settleBatch, waitingAgain } from './settle-batch';
import { inPlaceOf, takeIn } from './take-in';
import { type OutboxDisk, type Step, writeStep } from './write-step';

/** A change of the queue. `appended` and `done` name the operations, so that listeners need not read the whole queue. */
export type OutboxChange =
  | { readonly kind: 'appended'; readonly operations: readonly QueuedOperation[] }
  | { readonly kind: 'progress' }
  | { readonly kind: 'done'; readonly operations: readonly QueuedOperation[] }
  | { readonly kind: 'any' };

export interface OutboxListener {
  onChange(change: OutboxChange): void;
  /** Operations have ended, or wait for a person from now on. */
  onSettled(settled: readonly Settled[]): void;
}

const ANY: OutboxChange = { kind: 'any' };

/**
 * The operations of one account that the service does not have yet, or that the mirror does not show yet, in the order in which
 * they were made. Every change is on disk before it is in memory and before listeners are told. An operation is sent only while
 * its author is signed in (docs/behaviour.md 8.4.5).
 */
export class Outbox {
  readonly awaited = new AwaitedEffects();
  readonly #disk: OutboxDisk;
  readonly #table = new OperationTable();
  /** The service's ids of ranges by the ids that this console made up for them. They are forgotten when the program ends. */
  readonly #realIds = new Map<string, string>();
  readonly #listeners = new Set<OutboxListener>();

  constructor(disk: OutboxDisk, operations: readonly QueuedOperation[]) {
    this.#disk = disk;
    this.#table.put(operations);
    this.awaited.add(operations);
  }

  all(): readonly QueuedOperation[] {
    return [...this.#table.values()];
  }

  /** The operations of the person who is signed in, in order. Only these are shown as if they held. */
  *own(): Generator<QueuedOperation> {
    for (const queued of this.#table.values()) if (!this.isOthers(queued)) yield queued;
  }

  get size(): number {
    return this.#table.size;
  }

  get(id: string): QueuedOperation | undefined {
    return this.#table.get(id);
  }

  /** See {@link OperationTable.lastOn}. */
  lastOn(subject: string): QueuedOperation | undefined {
    return this.#table.lastOn(subject);
  }

  isOthers(queued: QueuedOperation): boolean {
    return this.#table.isOthers(queued);
  }

  /** New operations get this author, and only this author's operations are sent. */
  signIn(author: Author | undefined): void {
    const before = this.#table.signedIn;
    this.#table.signedIn = author;
    if (before?.userId === author?.userId || this.size === 0) return;
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
  enqueue(operations: readonly NewOperation[], nowMs: number): readonly (string | null)[] {
    if (operations.length === 0) return [];
    const { put, undone, ids, isAppended } = takeIn(this.#table, this.#signed(operations), nowMs);
    const change: OutboxChange = isAppended ? { kind: 'appended', operations: put } : ANY;
    this.#commit({ put, drop: idsOf(undone) }, change);
    this.#tellSettled(undoneOf(undone));
    return ids;
  }

  /**
   * Puts operations in the position of one that waits for a person, and updates those behind it, in one step. A queued reopening
   * of the replaced answer is dropped too, because it takes back an answer that no longer exists.
   */
  replace(
    id: string,
    operations: readonly NewOperation[],
    followers: readonly QueuedOperation[],
    nowMs: number,
  ): void {
    const replaced = this.#table.get(id);
    if (replaced === undefined) return;
    const put = [...inPlaceOf(this.#table, replaced, this.#signed(operations), nowMs), ...followers];
    this.#takeOut([replaced], put);
  }

  /** Takes back an operation that was never sent or that waits for a person. Returns false if it is too late for that. */
  undo(id: string): boolean {
    const queued = this.#table.get(id);
    if (queued === undefined || !(isUnsent(queued) || isUndecided(queued.state))) return false;
    this.#takeOut([queued]);
    return true;
  }

  /** Takes back those of the operations that were never sent, in one step. */
  undoUnsent(ids: readonly string[]): void {
    this.#takeOut(
      ids.flatMap((id) => this.get(id) ?? []).filter((queued) => isUnsent(queued) && !this.isOthers(queued)),
    );
  }

  /** Drops operations and puts others, of the person who is signed in, at the end of the queue, in one step. */
  exchange(dropped: readonly QueuedOperation[], added: readonly QueuedOperation[]): void {
    const first = this.#table.lastPosition + 1;
    const put = this.#signed(added).map((queued, index) => ({ ...queued, position: first + index }));
    this.#commit({ put, drop: idsOf(dropped) });
    this.#tellSettled(undoneOf(dropped));
  }

  /** Replaces operations by changed versions of themselves, in their positions. */
  update(operations: readonly QueuedOperation[]): void {
    this.#commit({ put: operations });
  }

  /** Holds the operations that have waited too long to be sent without confirmation. */
  holdStale(nowMs: number): void {
    const stale = this.all().filter(
      (queued) =>
        queued.state.kind === 'pending' && !this.isOthers(queued) && needsConfirmation(queued, nowMs),
    );
    if (stale.length === 0) return;
    this.#stop(stale, 'held', 'waited_too_long', '');
  }

  /** The next operations to send of the person who is signed in; see {@link nextBatch}. */
  nextBatch(limit: number): readonly QueuedOperation[] {
    return nextBatch(this.own(), limit);
  }

  /** Writes down that the operations are being sent, and returns them as they go out. */
  markSent(batch: readonly QueuedOperation[], clockOffsetMs: number | null): readonly QueuedOperation[] {
    const sent = batch.map((queued): QueuedOperation => {
      const expiresAt = queued.attempts === 0 ? expiryFor(queued, clockOffsetMs) : undefined;
      return {
        ...queued,
        ...(expiresAt === undefined ? {} : { operation: { ...queued.operation, expiresAt } }),
        attempts: queued.attempts + 1,
        state: { kind: 'inflight' },
      };
    });
    const reworded = sent.filter(({ operation }, index) => operation !== batch[index]?.operation);
    this.#commit(
      {
        put: reworded.map((queued) => ({ ...queued, attempts: queued.attempts - 1 })),
        progress: sent,
        notes: [{ sent: idsOf(sent) }],
      },
      { kind: 'progress' },
    );
    return sent;
  }

  unanswered(batch: readonly QueuedOperation[], lastError: string): void {
    const progress = this.#inflight(batch).map((queued) => waitingAgain(queued, lastError));
    this.#commit({ progress }, { kind: 'progress' });
  }

  /** Applies the service's results, in whatever order they came. An operation without a result waits again. */
  answered(batch: readonly QueuedOperation[], results: readonly OperationResult[], nowMs: number): void {
    const settled = settleBatch(this.#inflight(batch), results, (id) => this.behind(id));
    const { done, undecided, silent, undone, followers } = settled;
    const put = [...undecided, ...followers, ...done.flatMap((queued) => this.#renamed(queued))];
    this.#commit(
      {
        put,
        progress: [...done, ...silent],
        drop: idsOf(undone),
        notes: done.length === 0 ? [] : [{ drop: idsOf(done) }],
      },
      put.length + undone.length === 0 ? { kind: 'done', operations: done } : ANY,
    );
    const answered = [...done, ...undecided].map((queued) => settledOf(queued, nowMs));
    this.#tellSettled([...answered, ...undoneOf(undone)]);
  }

  /** Rejects operations that the service refused as a batch. */
  refused(batch: readonly QueuedOperation[], code: string, detail: string): void {
    this.#stop(this.#inflight(batch), 'rejected', code, detail);
  }

  /** Deletes rows inside a transaction of the caller, who calls `forget` after the commit. */
  deleteRows(ids: readonly string[]): void {
    for (const id of ids) this.#disk.rows.remove(id);
  }

  /** Drops operations from memory. The caller tells the listeners. */
  forget(ids: readonly string[]): void {
    for (const id of ids) {
      this.#table.drop(id);
      this.awaited.delete(id);
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

  /** Drops operations together with their queued reopenings; `put` takes their position. */
  #takeOut(operations: readonly QueuedOperation[], put: readonly QueuedOperation[] = []): void {
    const out = operations.flatMap((queued) => [
      queued,
      ...reopeningsOf(queued, this.behind(queued.operation.id)),
    ]);
    this.#commit({ put, drop: idsOf(out) });
    this.#tellSettled(undoneOf(out));
  }

  /** Makes operations wait for a person. */
  #stop(operations: readonly QueuedOperation[], kind: Undecided['kind'], code: string, detail: string): void {
    const state: Undecided = { kind, code, detail, current: null };
    const stopped = operations.map((queued) => ({ ...queued, state }));
    this.#commit({ put: stopped });
    this.#tellSettled(idsOf(stopped).map((id) => ({ ...state, id, outcome: 'undecided' })));
  }

  #signed<T extends NewOperation>(operations: readonly T[]) {
    return signedBy(this.#table.signedIn, operations);
  }

  #inflight(batch: readonly QueuedOperation[]): readonly QueuedOperation[] {
    return batch.flatMap(({ operation }) => {
      const queued = this.#table.get(operation.id);
      return queued?.state.kind === 'inflight' ? [queued] : [];
    });
  }

  #commit(step: Step, change: OutboxChange = ANY): void {
    const { put = [], progress = [], drop = [] } = step;
    if (put.length + progress.length + drop.length === 0) return;
    writeStep(this.#disk, this.#table, step);
    this.awaited.add([...put, ...progress]);
    for (const listener of this.#listeners) listener.onChange(change);
  }

  #tellSettled(settled: readonly Settled[]): void {
    if (settled.length === 0) return;
    const worded = settled.map((each) =>
      each.outcome === 'undecided' ? { ...each, detail: refusalWords(each.code, each.detail) } : each,
    );
    for (const listener of this.#listeners) listener.onSettled(worded);
  }
}

function idsOf(operations: readonly QueuedOperation[]): string[] {
  return operations.map(({ operation }) => operation.id);
}

function undoneOf(operations: readonly QueuedOperation[]): readonly Settled[] {
  return idsOf(operations).map((id) => ({ id, outcome: 'undone' }));
}
