import type { Operation } from '#shared/api/routes-operations';
import { type QueuedOperation, isWaiting, subjectOf } from './queued-operation';

/** The numbers of operations of the person who is signed in; `others` counts those of other people. */
export interface OutboxCounts {
  /** Operations that are under way or waiting, also behind one that waits for a person. */
  readonly waiting: number;
  readonly conflicts: number;
  readonly needsConfirmation: number;
  /** Operations of other people, which are not sent and hold nothing up. */
  readonly others: number;
}

/** One author's operations on one entity share a key. Those of different authors do not affect each other. */
const threadOf = ({ authorId = '' }: Pick<Operation, 'authorId'>, subject: string): string =>
  `${authorId} ${subject}`;

/** The queued operations in memory: in order, by id, and by author and entity. */
export class OperationTable {
  readonly #entries = new Map<string, QueuedOperation>();
  /** Operation ids by {@link threadOf}. */
  readonly #on = new Map<string, Set<string>>();
  #lastPosition = 0;
  #signedInId: string | undefined;
  /** Counts are cached until the next change. */
  #counts: OutboxCounts | null = null;

  get size(): number {
    return this.#entries.size;
  }

  /** The highest whole position in use. */
  get lastPosition(): number {
    return this.#lastPosition;
  }

  get(id: string): QueuedOperation | undefined {
    return this.#entries.get(id);
  }

  values(): Iterable<QueuedOperation> {
    return this.#entries.values();
  }

  /** The id of the user who is signed in; undefined before the first sign-in. */
  get signedInId(): string | undefined {
    return this.#signedInId;
  }

  set signedInId(userId: string | undefined) {
    this.#signedInId = userId;
    this.#counts = null;
  }

  /** Returns true if somebody else made the operation. An acknowledged one has happened, whoever made it. */
  isOthers({ operation, state }: QueuedOperation): boolean {
    return state.kind !== 'done' && operation.authorId !== this.#signedInId;
  }

  /** The author's last operation on an entity, by {@link subjectOf}, that the service has not acknowledged. */
  lastOn(subject: string, authorId: string | undefined): QueuedOperation | undefined {
    let last: QueuedOperation | undefined;
    for (const id of this.#on.get(threadOf({ authorId }, subject)) ?? []) {
      const entry = this.#entries.get(id);
      if (entry === undefined || entry.state.kind === 'done') continue;
      if (last === undefined || last.position < entry.position) last = entry;
    }
    return last;
  }

  /** The author's later operations on the same entity, in order. */
  behind(id: string): readonly QueuedOperation[] {
    const entry = this.#entries.get(id);
    if (entry === undefined) return [];
    const on = this.#on.get(threadOf(entry.operation, subjectOf(entry.operation))) ?? [];
    return [...on]
      .flatMap((other) => this.#entries.get(other) ?? [])
      .filter(({ position }) => position > entry.position)
      .sort((a, b) => a.position - b.position);
  }

  counts(): OutboxCounts {
    this.#counts ??= this.#count();
    return this.#counts;
  }

  put(entries: readonly QueuedOperation[]): void {
    let isBetween = false;
    for (const entry of entries) {
      const { id } = entry.operation;
      const before = this.#entries.get(id);
      if (before === undefined) isBetween ||= entry.position <= this.#lastPosition;
      else this.#unlink(before);
      this.#entries.set(id, entry);
      this.#link(entry);
      this.#lastPosition = Math.max(this.#lastPosition, Math.floor(entry.position));
    }
    this.#counts = null;
    if (isBetween) this.#sort();
  }

  drop(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#counts = null;
    this.#entries.delete(id);
    this.#unlink(entry);
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
    const entries = [...this.#entries.values()].sort((a, b) => a.position - b.position);
    this.#entries.clear();
    for (const entry of entries) this.#entries.set(entry.operation.id, entry);
  }

  #count(): OutboxCounts {
    let [waiting, conflicts, needsConfirmation, others] = [0, 0, 0, 0];
    for (const entry of this.#entries.values()) {
      if (this.isOthers(entry)) others += 1;
      else if (isWaiting(entry)) waiting += 1;
      else if (entry.state.kind === 'parked') {
        if (entry.state.reason === 'needs_confirmation') needsConfirmation += 1;
        else conflicts += 1;
      }
    }
    return { waiting, conflicts, needsConfirmation, others };
  }
}
