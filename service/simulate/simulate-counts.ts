import type { Reason, Verdict } from '#shared/domain/entities';

/** Keeps the best of many in little memory. */
export class TopList<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  #items: T[] = [];

  /** @param compare negative where `a` is better. */
  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** Takes one more; answers those that are out for good by that. */
  add(item: T): readonly T[] {
    this.#items.push(item);
    return this.#items.length < 2 * this.#limit ? [] : this.#cut();
  }

  /** The best, best first, and what was kept beyond them. */
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

/** The calls of one key from one address in the log. */
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

/** The most calls first, then the newest; the address makes the order complete. */
export const byCalls = (a: Pair, b: Pair): number =>
  b.calls - a.calls || b.lastAt - a.lastAt || (a.ipSort < b.ipSort ? -1 : Number(a.ipSort > b.ipSort));

const none = () => ({ allowed: 0, blocked: 0 });

/** Adds up what became of the pairs before and after. */
export class SimulationCounts {
  readonly calls = { before: none(), after: none() };
  readonly pairs = { before: none(), after: none() };
  changed = 0;
  readonly #changes: TopList<ChangedPair>;

  constructor(maxChanges: number) {
    this.#changes = new TopList<ChangedPair>(maxChanges, byCalls);
  }

  /** Calls whose verdict stays whatever the policy, such as those with a secret that had ended. */
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

  /** The pairs whose verdict changes, the most calls first. */
  changes(): readonly ChangedPair[] {
    return this.#changes.end().best;
  }
}
