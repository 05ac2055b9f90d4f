import type { Count } from '../../storage/repositories/counts';
import type { WriteContext, Writer } from '../../storage/writer';
import type { AttemptFacts } from '../../gate/call-log';
import { partsOf } from '../parts';

interface Use {
  readonly accountId: string;
  readonly id: string;
  uses: number;
  lastAt: number;
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

const countsOf = (write: WriteContext, uses: readonly Use[]): Promise<Count[]> =>
  Promise.all(
    uses.map(async ({ accountId, id, uses: by, lastAt }) => ({
      accountId,
      id,
      by,
      lastAt,
      seq: await write.nextSeq(accountId),
    })),
  );

/** Counts the uses of ranges and keys in memory until the next flush. */
export class UsageCounter {
  #ranges = new Map<string, Use>();
  #keys = new Map<string, Use>();

  /** A use of a range is a call that it let in; a use of a key is a call that was let in with it. */
  count(
    { policy, keyId, verdict }: Pick<AttemptFacts, 'policy' | 'keyId' | 'verdict'>,
    rangeId: string | null,
    at: number,
  ): void {
    if (verdict !== 'allowed') return;
    if (rangeId !== null) add(this.#ranges, policy.id, rangeId, 1, at);
    add(this.#keys, policy.id, keyId, 1, at);
  }

  get isEmpty(): boolean {
    return this.#ranges.size + this.#keys.size === 0;
  }

  /** Writes all counts. Those that could not be written are kept for the next flush. */
  async flush(writer: Writer): Promise<void> {
    const ranges = this.#ranges;
    this.#ranges = new Map();
    await this.#write(writer, ranges, this.#rangesAgain, 'ranges');
    const keys = this.#keys;
    this.#keys = new Map();
    await this.#write(writer, keys, this.#keysAgain, 'keys');
  }

  readonly #rangesAgain = ({ accountId, id, uses, lastAt }: Use): void =>
    add(this.#ranges, accountId, id, uses, lastAt);
  readonly #keysAgain = ({ accountId, id, uses, lastAt }: Use): void =>
    add(this.#keys, accountId, id, uses, lastAt);

  async #write(
    writer: Writer,
    uses: ReadonlyMap<string, Use>,
    again: (use: Use) => void,
    table: 'ranges' | 'keys',
  ): Promise<void> {
    const unwritten = new Set(uses.values());
    try {
      for (const part of partsOf([...uses.values()])) {
        await writer.write(async (write) => write.tx.counts[table](await countsOf(write, part)));
        for (const use of part) unwritten.delete(use);
      }
    } catch (error) {
      unwritten.forEach(again);
      throw error;
    }
  }
}
