import type { WriteContext } from '../storage/writer';
import type { AttemptFacts } from './attempt-facts';

interface Use {
  readonly accountId: string;
  readonly id: string;
  uses: number;
  lastAt: number;
}

/** Uses taken out for one write. */
export interface TakenUsage {
  readonly isEmpty: boolean;
  readonly ranges: readonly Use[];
  readonly keys: readonly Use[];
  write(write: WriteContext): Promise<void>;
}

const add = (uses: Map<string, Use>, accountId: string, id: string, count: number, at: number): void => {
  const use = uses.get(id);
  if (use === undefined) {
    uses.set(id, { accountId, id, uses: count, lastAt: at });
    return;
  }
  use.uses += count;
  use.lastAt = Math.max(use.lastAt, at);
};

/** Counts, in memory, which ranges let calls in and which keys they came with, until the next flush. */
export class UsageCounter {
  #ranges = new Map<string, Use>();
  #keys = new Map<string, Use>();

  /** A range is used by the calls it authorizes; a key by the calls that were let in with it. */
  count(facts: AttemptFacts, at: number): void {
    if (facts.verdict !== 'allowed') return;
    if (facts.rangeId !== null) add(this.#ranges, facts.policy.id, facts.rangeId, 1, at);
    add(this.#keys, facts.policy.id, facts.keyId, 1, at);
  }

  take(): TakenUsage {
    const ranges = [...this.#ranges.values()];
    const keys = [...this.#keys.values()];
    this.#ranges = new Map();
    this.#keys = new Map();
    return {
      isEmpty: ranges.length === 0 && keys.length === 0,
      ranges,
      keys,
      write: async (write) => {
        for (const { accountId, id, uses, lastAt } of ranges) {
          await write.tx.ranges.addUses(accountId, id, uses, lastAt, await write.nextSeq(accountId));
        }
        for (const { accountId, id, lastAt } of keys) {
          await write.tx.keys.touch(accountId, id, lastAt, await write.nextSeq(accountId));
        }
      },
    };
  }

  giveBack(taken: TakenUsage): void {
    for (const { accountId, id, uses, lastAt } of taken.ranges)
      add(this.#ranges, accountId, id, uses, lastAt);
    for (const { accountId, id, uses, lastAt } of taken.keys) add(this.#keys, accountId, id, uses, lastAt);
  }
}
