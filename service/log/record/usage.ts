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

function add(uses: Map<string, Use>, accountId: string, id: string, count: number, at: number): void {
  const use = uses.get(id);
  if (use === undefined) {
    uses.set(id, { accountId, id, uses: count, lastAt: at });
    return;
  }
  use.uses += count;
  use.lastAt = Math.max(use.lastAt, at);
}

function countsOf(write: WriteContext, uses: readonly Use[]): Promise<Count[]> {
  return Promise.all(
    uses.map(async ({ accountId, id, uses: by, lastAt }) => ({
      accountId,
      id,
      by,
      lastAt,
      seq: await write.nextSeq(accountId),
    })),
  );
}

/** Counts the uses of ranges and keys in memory until the next flush. */
export class UsageCounter {
  readonly #uses = { ranges: new Map<string, Use>(), keys: new Map<string, Use>() };

  /** A use of a range is a call that it let in; a use of a key is a call that was let in with it. */
  count(
    { policy, keyId, verdict }: Pick<AttemptFacts, 'policy' | 'keyId' | 'verdict'>,
    rangeId: string | null,
    at: number,
  ): void {
    if (verdict !== 'allowed') return;
    if (rangeId !== null) add(this.#uses.ranges, policy.id, rangeId, 1, at);
    add(this.#uses.keys, policy.id, keyId, 1, at);
  }

  get isEmpty(): boolean {
    return this.#uses.ranges.size + this.#uses.keys.size === 0;
  }

  /** Writes all counts. Those that could not be written are kept for the next flush. */
  async flush(writer: Writer): Promise<void> {
    await this.#flush(writer, 'ranges');
    await this.#flush(writer, 'keys');
  }

  async #flush(writer: Writer, table: 'ranges' | 'keys'): Promise<void> {
    const uses = [...this.#uses[table].values()];
    this.#uses[table].clear();
    const unwritten = new Set(uses);
    try {
      for (const part of partsOf(uses)) {
        await writer.write(async (write) => write.tx.counts[table](await countsOf(write, part)), 'later');
        for (const use of part) unwritten.delete(use);
      }
    } catch (error) {
      for (const { accountId, id, uses: count, lastAt } of unwritten) {
        add(this.#uses[table], accountId, id, count, lastAt);
      }
      throw error;
    }
  }
}
