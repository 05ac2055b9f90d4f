import type { Reason, Verdict } from '#shared/domain/entities';

/** The best `limit` of many items, in memory for at most twice as many. */
export class TopList<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  #items: T[] = [];

  /** @param compare returns a negative number if `a` is better. */
  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** Adds an item. Returns the items that can no longer be among the best. */
  add(item: T): readonly T[] {
    this.#items.push(item);
    return this.#items.length < 2 * this.#limit ? [] : this.#cut();
  }

  /** Returns the best, best first, and the rest of what was kept. */
  end(): { readonly best: readonly T[]; readonly rest: readonly T[] } {
    const rest = this.#cut();
    return { best: this.#items, rest };
  }

  #cut(): readonly T[] {
    this.#items.sort(this.#compare);
    const rest = this.#items.slice(this.#limit);
    this.#items = this.#items.slice(0, this.#limit);
    return rest;
  }
}

/** Calls of one key from one address. */
export interface Pair {
  readonly ip: string;
  readonly ipSort: string;
  readonly keyId: string;
  readonly calls: number;
  readonly lastAt: number;
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly reason: Reason;
}

export interface ChangedPair extends Pair {
  readonly before: Outcome;
  readonly after: Outcome;
}

/** Sorts by calls, then by the last call, both descending. The address makes the order total. */
export function byCalls(a: Pair, b: Pair): number {
  return b.calls - a.calls || b.lastAt - a.lastAt || (a.ipSort < b.ipSort ? -1 : Number(a.ipSort > b.ipSort));
}

function none() {
  return { allowed: 0, blocked: 0 };
}

/** Sums the outcomes before and after the change. */
export class SimulationCounts {
  readonly calls = { before: none(), after: none() };
  readonly pairs = { before: none(), after: none() };
  changed = 0;
  readonly #changes: TopList<ChangedPair>;

  constructor(maxChanges: number) {
    this.#changes = new TopList<ChangedPair>(maxChanges, byCalls);
  }

  /** Counts calls whose verdict does not depend on the policy, such as those with an ended secret. */
  addFixed(verdict: Verdict, calls: number): void {
    this.calls.before[verdict] += calls;
    this.calls.after[verdict] += calls;
  }

  add(pair: Pair, before: Outcome, after: Outcome): void {
    this.calls.before[before.verdict] += pair.calls;
    this.calls.after[after.verdict] += pair.calls;
    this.pairs.before[before.verdict] += 1;
    this.pairs.after[after.verdict] += 1;
    if (before.verdict === after.verdict) return;
    this.changed += 1;
    this.#changes.add({ ...pair, before, after });
  }

  /** Returns the pairs whose verdict changes, the most calls first. */
  changes(): readonly ChangedPair[] {
    return this.#changes.end().best;
  }
}
