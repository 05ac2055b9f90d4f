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

/** Who is signed in. */
export type SignedIn = Pick<Account['me'], 'userId' | 'email'>;

/** How an edit ended, or came to a stop. */
export type Settlement =
  | { readonly kind: 'done'; readonly entry: QueuedOperation; readonly atMs: number }
  | { readonly kind: 'parked'; readonly entry: QueuedOperation; readonly parked: Parked }
  /** Taken back or discarded before it was sent, or made into another one. */
  | { readonly kind: 'undone'; readonly entry: QueuedOperation };

/** What has changed: new edits at the end, only how far the sending is, only that some are acknowledged, or anything. */
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
 * The edits of one account that the service does not have yet, or that the mirror does not show yet, in the order in
 * which they were made. Every change is on the disk before it is in memory and anybody hears of it. Each edit carries who
 * made it: it is sent while that person is signed in, or not at all.
 */
export class Outbox {
  readonly #disk: OutboxDisk;
  readonly #table = new OperationTable();
  /** The polls that had begun when edits were acknowledged. */
  readonly #doneAt = new Map<string, number>();
  /** The service's own ids of ranges by the ids that stood in for them, as long as this program runs. */
  readonly #realIds = new Map<string, string>();
  readonly #listeners = new Set<OutboxListener>();
  #signedIn: SignedIn | undefined;
  #poll = 0;

  /** `entries` are what was in it when the store was opened. */
  constructor(disk: OutboxDisk, entries: readonly QueuedOperation[]) {
    this.#disk = disk;
    this.#table.put(entries);
    this.#watch(entries);
  }

  /** In order. */
  entries(): readonly QueuedOperation[] {
    return [...this.#table.values()];
  }

  /** In order, without those of other people, which are not part of what is shown. */
  *own(): Generator<QueuedOperation> {
    for (const entry of this.#table.values()) if (!this.isOthers(entry)) yield entry;
  }

  get size(): number {
    return this.#table.size;
  }

  get(id: string): QueuedOperation | undefined {
    return this.#table.get(id);
  }

  /** The last edit on an entity, of the person who is signed in; see {@link OperationTable.lastOn}. */
  lastOn(subject: string): QueuedOperation | undefined {
    return this.#table.lastOn(subject, this.#table.signedInId);
  }

  /** Whether somebody else than the person who is signed in has made it, so that it waits for either of them. */
  isOthers(entry: QueuedOperation): boolean {
    return this.#table.isOthers(entry);
  }

  /** From here on new edits are this person's, and theirs are the ones that are sent. */
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

  /** How many edits the service has not acknowledged, whatever keeps them. */
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
   * Takes edits in, in their order and all or none. Gives for each the id under which it is known from here on, or null
   * where nothing is left to do: an edit may merge with the one before it on the same entity.
   */
  enqueue(edits: readonly NewOperation[], nowMs: number): readonly (string | null)[] {
    const { put, undone, ids, isAppended } = takeIn(this.#table, this.#signed(edits), nowMs);
    const change: OutboxChange = isAppended ? { kind: 'appended', entries: put } : ANY;
    this.#commit({ put, drop: undone.map(({ operation }) => operation.id) }, change);
    this.#tellSettled(undone.map((entry) => ({ kind: 'undone', entry })));
    return ids;
  }

  /**
   * Puts edits in the place of a parked one, before whatever waits behind it, and changes those that follow it, all in
   * one step. What would have taken it back goes with it: it has been decided anew.
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

  /** Takes an edit back that the service cannot have, or that is parked. False when it is too late for that. */
  undo(id: string): boolean {
    const entry = this.#table.get(id);
    if (entry === undefined || !(isUnsent(entry) || entry.state.kind === 'parked')) return false;
    this.#takeOut(entry);
    return true;
  }

  /** Makes other people's edits those of the person who is signed in, behind what is in the queue. */
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

  /** Drops other people's edits for good. Gives those that it dropped. */
  discard(ids: readonly string[]): readonly QueuedOperation[] {
    const theirs = this.#others(ids);
    this.#commit({ drop: theirs.map(({ operation }) => operation.id) });
    this.#tellSettled(theirs.map((entry) => ({ kind: 'undone', entry })));
    return theirs;
  }

  /** Puts changed versions of edits in their places, for instance parked ones that go on. */
  update(entries: readonly QueuedOperation[]): void {
    this.#commit({ put: entries });
  }

  /** Parks the edits that loosen protection and have waited too long. */
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

  /** What to send next, of the person who is signed in; see {@link nextBatch}. */
  nextBatch(limit: number): readonly QueuedOperation[] {
    return nextBatch(this.own(), limit);
  }

  /** Writes down that they are being sent. Gives them as they are to be sent, always in the same words. */
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

  /** The batch got no answer: its edits wait again. */
  unanswered(batch: readonly QueuedOperation[], lastError: string): void {
    const progress = this.#inflight(batch).map((entry) => waitingAgain(entry, lastError));
    this.#commit({ progress }, { kind: 'progress' });
  }

  /** Takes the service's answers in, whatever their order. An edit without one waits again. */
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

  /** Parks edits that the service refuses as a whole. */
  refused(batch: readonly QueuedOperation[], code: string, detail: string): void {
    this.#park(this.#inflight(batch), { reason: 'rejected', code, detail });
  }

  /** Whether an acknowledged edit waits for the feed to bring what it did. */
  get awaitsFeed(): boolean {
    return this.#doneAt.size > 0;
  }

  /** A poll of the feed begins. What was acknowledged before it is in its last answer. Gives the poll's number. */
  pollBegins(): number {
    this.#poll += 1;
    return this.#poll;
  }

  /** The edits that the poll's last answer has brought into the mirror. */
  broughtBy(poll: number): readonly string[] {
    return [...this.#doneAt].filter(([, doneAt]) => doneAt < poll).map(([id]) => id);
  }

  /** Deletes rows, inside a transaction of the caller's; `forget` follows once that is committed. */
  deleteRows(ids: readonly string[]): void {
    for (const id of ids) this.#disk.rows.remove(id);
  }

  /** Whoever calls this shows what follows from it. */
  forget(ids: readonly string[]): void {
    for (const id of ids) {
      this.#table.drop(id);
      this.#doneAt.delete(id);
    }
  }

  /**
   * A range got another id than this console knew it by: it was there already, or an answer made it. Gives the edits
   * behind, which are about that one now.
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

  /** Takes an edit out, with what was to take it back; `put` comes in its place. */
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

  /** Edits as the person makes them who is signed in. */
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
