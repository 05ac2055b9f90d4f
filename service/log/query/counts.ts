import { addCalls, noCalls, type Calls } from './timeline';

/** Distinct names kept while counting. Beyond it, those with the fewest calls so far make room. */
const MOST_NAMES = 100_000;

export interface Tallied<K> extends Readonly<Calls> {
  readonly name: K;
  /** The latest of the calls, in milliseconds. */
  readonly lastAtMs: number;
}

type Counted = Calls & { lastAtMs: number };

const total = ({ allowed, blocked }: Readonly<Calls>): number => allowed + blocked;

/**
 * Counts calls by name and tells which names have the most. Its memory is bounded: with more distinct names than it
 * keeps, one that had few calls when room was made may be missing or counted too low.
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

  /** The `count` names with the most calls, the most first. */
  top(count: number): readonly Tallied<K>[] {
    // A selection rather than a sort: there may be hundreds of thousands of names for a handful of places.
    const best: Tallied<K>[] = [];
    for (const [name, calls] of this.#calls) {
      const least = best.at(-1);
      if (best.length >= count && least !== undefined && total(calls) <= total(least)) continue;
      let place = best.length;
      while (place > 0 && total(best[place - 1] ?? noCalls()) < total(calls)) place -= 1;
      best.splice(place, 0, { name, ...calls });
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
