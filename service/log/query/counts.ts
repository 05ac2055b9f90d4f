import { addCalls, noCalls, type Calls } from './timeline';

/** Limit of distinct names in memory. Beyond it, names with the fewest calls are dropped. */
const MOST_NAMES = 100_000;

export interface NamedCalls<K> extends Readonly<Calls> {
  readonly name: K;
  /** Milliseconds since the epoch of the latest call. */
  readonly lastAtMs: number;
}

type Counted = Calls & { lastAtMs: number };

function total({ allowed, blocked }: Readonly<Calls>): number {
  return allowed + blocked;
}

/**
 * Counts calls by name and finds the names with the most calls. Its memory is bounded: with more distinct names than the
 * limit, a name with few calls may be missing or counted too low.
 */
export class NamedCounts<K> {
  readonly #calls = new Map<K, Counted>();
  readonly #mostNames: number;

  constructor(mostNames = MOST_NAMES) {
    this.#mostNames = mostNames;
  }

  add(name: K, signedCount: number, lastAtMs: number): void {
    let calls = this.#calls.get(name);
    if (calls === undefined) {
      if (this.#calls.size >= this.#mostNames) this.#makeRoom();
      calls = { ...noCalls(), lastAtMs };
      this.#calls.set(name, calls);
    }
    addCalls(calls, signedCount);
    if (lastAtMs > calls.lastAtMs) calls.lastAtMs = lastAtMs;
  }

  /** Returns the `count` names with the most calls, the most first. */
  top(count: number): readonly NamedCalls<K>[] {
    // An insertion into a short list avoids sorting hundreds of thousands of names.
    const best: NamedCalls<K>[] = [];
    for (const [name, calls] of this.#calls) {
      const least = best.at(-1);
      if (best.length >= count && least !== undefined && total(calls) <= total(least)) continue;
      let index = best.length;
      while (index > 0 && total(best[index - 1] ?? noCalls()) < total(calls)) index -= 1;
      best.splice(index, 0, { name, ...calls });
      if (best.length > count) best.pop();
    }
    return best;
  }

  #makeRoom(): void {
    const totals = Float64Array.from(this.#calls.values(), total).sort();
    const middle = totals[totals.length >> 1] ?? 0;
    let excess = this.#calls.size >> 1;
    for (const [name, calls] of this.#calls) {
      if (excess === 0) return;
      if (total(calls) > middle) continue;
      this.#calls.delete(name);
      excess -= 1;
    }
  }
}
