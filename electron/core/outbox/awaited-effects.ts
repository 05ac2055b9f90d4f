import type { QueuedOperation } from './queued-operation';

/** The acknowledged operations whose effects the feed has not brought yet. They are shown as queued until then. */
export class AwaitedEffects {
  /** The number of the poll that had begun last when an operation was acknowledged, by operation id. */
  readonly #acknowledgedAt = new Map<string, number>();
  #poll = 0;

  get size(): number {
    return this.#acknowledgedAt.size;
  }

  add(operations: readonly QueuedOperation[]): void {
    for (const { operation, state } of operations) {
      if (state.kind === 'done' && !this.#acknowledgedAt.has(operation.id))
        this.#acknowledgedAt.set(operation.id, this.#poll);
    }
  }

  /** Begins a poll and returns its number. Its last answer contains everything that was acknowledged before it began. */
  pollBegins(): number {
    this.#poll += 1;
    return this.#poll;
  }

  /** The ids of the operations whose effects are in the mirror once this poll has its last answer. */
  broughtBy(poll: number): readonly string[] {
    return [...this.#acknowledgedAt].filter(([, at]) => at < poll).map(([id]) => id);
  }

  delete(id: string): void {
    this.#acknowledgedAt.delete(id);
  }
}
