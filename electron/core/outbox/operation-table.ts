import { isUndecided } from '#shared/domain/outbox';
import type { SyncStatus } from '#shared/ipc/outbox';
import type { Operation } from '#shared/api/routes-operations';
import type { Author } from './authors';
import { type QueuedOperation, isWaiting, subjectOf } from './queued-operation';

export type OutboxCounts = Pick<SyncStatus, 'waiting' | 'conflicts' | 'needsConfirmation' | 'others'>;

/** One author's operations on one entity share a key. Those of different authors do not affect each other. */
function threadOf({ authorId = '' }: Pick<Operation, 'authorId'>, subject: string): string {
  return `${authorId} ${subject}`;
}

/** The queued operations in memory: in order, by id, and by author and entity. */
export class OperationTable {
  readonly #operations = new Map<string, QueuedOperation>();
  /** Operation ids by {@link threadOf}. */
  readonly #on = new Map<string, Set<string>>();
  #lastPosition = 0;
  #signedIn: Author | undefined;
  /** Counts are cached until the next change. */
  #counts: OutboxCounts | null = null;

  get size(): number {
    return this.#operations.size;
  }

  /** The highest whole position in use. */
  get lastPosition(): number {
    return this.#lastPosition;
  }

  get(id: string): QueuedOperation | undefined {
    return this.#operations.get(id);
  }

  values(): Iterable<QueuedOperation> {
    return this.#operations.values();
  }

  get signedIn(): Author | undefined {
    return this.#signedIn;
  }

  /** The user who is signed in; undefined before the first sign-in. */
  set signedIn(author: Author | undefined) {
    this.#signedIn = author;
    this.#counts = null;
  }

  /** Returns true if somebody else made the operation. An acknowledged one has happened, whoever made it. */
  isOthers({ operation, state }: QueuedOperation): boolean {
    return state.kind !== 'done' && operation.authorId !== this.#signedIn?.userId;
  }

  /**
   * The last operation on an entity, by {@link subjectOf}, of the person who is signed in, unless the service has acknowledged it.
   */
  lastOn(subject: string): QueuedOperation | undefined {
    const thread = this.#thread({ authorId: this.#signedIn?.userId }, subject);
    return thread.findLast(({ state }) => state.kind !== 'done');
  }

  /** The author's later operations on the same entity, in order. */
  behind(id: string): readonly QueuedOperation[] {
    const queued = this.#operations.get(id);
    if (queued === undefined) return [];
    const thread = this.#thread(queued.operation, subjectOf(queued.operation));
    return thread.filter(({ position }) => position > queued.position);
  }

  counts(): OutboxCounts {
    this.#counts ??= this.#count();
    return this.#counts;
  }

  put(operations: readonly QueuedOperation[]): void {
    let isBetween = false;
    for (const queued of operations) {
      const { id } = queued.operation;
      const before = this.#operations.get(id);
      if (before === undefined) isBetween ||= queued.position <= this.#lastPosition;
      else this.#unlink(before);
      this.#operations.set(id, queued);
      this.#link(queued);
      this.#lastPosition = Math.max(this.#lastPosition, Math.floor(queued.position));
    }
    this.#counts = null;
    if (isBetween) this.#sort();
  }

  drop(id: string): void {
    const queued = this.#operations.get(id);
    if (queued === undefined) return;
    this.#counts = null;
    this.#operations.delete(id);
    this.#unlink(queued);
  }

  #thread(operation: Pick<Operation, 'authorId'>, subject: string): readonly QueuedOperation[] {
    const ids = this.#on.get(threadOf(operation, subject)) ?? [];
    return [...ids].flatMap((id) => this.#operations.get(id) ?? []).sort((a, b) => a.position - b.position);
  }

  #link({ operation }: QueuedOperation): void {
    const thread = threadOf(operation, subjectOf(operation));
    const on = this.#on.get(thread);
    if (on === undefined) this.#on.set(thread, new Set([operation.id]));
    else on.add(operation.id);
  }

  #unlink({ operation }: QueuedOperation): void {
    const thread = threadOf(operation, subjectOf(operation));
    const on = this.#on.get(thread);
    on?.delete(operation.id);
    if (on?.size === 0) this.#on.delete(thread);
  }

  #sort(): void {
    const operations = [...this.#operations.values()].sort((a, b) => a.position - b.position);
    this.#operations.clear();
    for (const queued of operations) this.#operations.set(queued.operation.id, queued);
  }

  #count(): OutboxCounts {
    let [waiting, conflicts, needsConfirmation, others] = [0, 0, 0, 0];
    for (const queued of this.#operations.values()) {
      if (this.isOthers(queued)) others += 1;
      else if (isWaiting(queued)) waiting += 1;
      else if (queued.state.kind === 'held') needsConfirmation += 1;
      else if (isUndecided(queued.state)) conflicts += 1;
    }
    return { waiting, conflicts, needsConfirmation, others };
  }
}
