import type { Operation } from '#shared/api/routes-operations';
import { type QueuedOperation, isWaiting, subjectOf } from './queued-operation';

/** Edits of the person who is signed in, and how many are somebody else's. */
export interface OutboxCounts {
  /** On their way, or waiting for it; also those behind a parked one. */
  readonly waiting: number;
  readonly conflicts: number;
  readonly needsConfirmation: number;
  /** Edits of other people: they are not sent, and hold nothing up. */
  readonly others: number;
}

/** What edits are kept by: one author's edits on one entity. Those of another author are none of their business. */
const threadOf = ({ authorId = '' }: Pick<Operation, 'authorId'>, subject: string): string =>
  `${authorId} ${subject}`;

/** The edits in memory: in their order, by id, and by the entity that they are about. */
export class OperationTable {
  readonly #entries = new Map<string, QueuedOperation>();
  /** The ids of each author's edits on each entity. */
  readonly #on = new Map<string, Set<string>>();
  #lastPosition = 0;
  #signedInId: string | undefined;
  /** Counted when it is asked for after a change. */
  #counts: OutboxCounts | null = null;

  get size(): number {
    return this.#entries.size;
  }

  /** The place after which new edits are put. */
  get lastPosition(): number {
    return this.#lastPosition;
  }

  get(id: string): QueuedOperation | undefined {
    return this.#entries.get(id);
  }

  /** In order. */
  values(): Iterable<QueuedOperation> {
    return this.#entries.values();
  }

  /** The user who is signed in, whose edits are this console's to send; undefined before the first sign-in. */
  get signedInId(): string | undefined {
    return this.#signedInId;
  }

  set signedInId(userId: string | undefined) {
    this.#signedInId = userId;
    this.#counts = null;
  }

  /** Whether somebody else has made it. What the service has acknowledged has happened, whoever made it. */
  isOthers({ operation, state }: QueuedOperation): boolean {
    return state.kind !== 'done' && operation.authorId !== this.#signedInId;
  }

  /** The author's last edit on an entity, by {@link subjectOf}, that the service has not acknowledged. */
  lastOn(subject: string, authorId: string | undefined): QueuedOperation | undefined {
    let last: QueuedOperation | undefined;
    for (const id of this.#on.get(threadOf({ authorId }, subject)) ?? []) {
      const entry = this.#entries.get(id);
      if (entry === undefined || entry.state.kind === 'done') continue;
      if (last === undefined || last.position < entry.position) last = entry;
    }
    return last;
  }

  /** Its author's edits behind one on the same entity, in order. */
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

  /** Puts edits in their places, new ones and changed ones. */
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
