import type { ServiceContext } from '../policy/context';
import { HIGHEST_ID, LOWEST_ID, type IndexScan } from '../storage/repositories/attempt-scans';
import type { Below } from '../storage/repositories/retention';
import type { WriteContext } from '../storage/writer';
import { lowestIdAt } from '#shared/domain/id-time';
import { loggedReasonsOf } from '../log/reasons';

interface SweepAttemptsOptions {
  readonly context: Pick<ServiceContext, 'storage' | 'writer' | 'directory'>;
  /** Attempts of an account. A sweep goes below this number, so that it is not due again with the next call. */
  readonly maxAttempts: number;
  /** Asked between two steps. */
  readonly isStopping: () => boolean;
}

interface AttemptsSweeper {
  /**
   * Deletes the attempts that are due by docs/behaviour.md 1.13 and returns their number. Two kinds of rows stay in any case,
   * because a count on a deleted row would be lost: attempts first seen at or after `openFrom`, whose aggregation window may
   * be open, and network rows of a flood first seen at or after `networksOpenFrom`.
   */
  sweep(accountId: string, times: SweepTimes): Promise<number>;
}

/** Milliseconds since the epoch. */
interface SweepTimes {
  readonly keepFrom: number;
  readonly openFrom: number;
  readonly networksOpenFrom: number;
}

/** Rows deleted in one transaction. Addresses that are first seen wait for it. */
const DELETED_PER_WRITE = 250;
const COUNT_ROWS = 10_000;
/** Part of the maximum that a sweep frees when an account has too many attempts. */
const SPARE = 1 / 20;

export function createAttemptsSweeper({
  context,
  maxAttempts,
  isStopping,
}: SweepAttemptsOptions): AttemptsSweeper {
  const { storage, writer, directory } = context;
  const scans = storage.read.attemptScans;
  /** Number of attempts at a sequence number, by account. The rise of that number since then bounds the new attempts. */
  const counted = new Map<string, { readonly rows: number; readonly seq: number }>();

  /** Deletes what `pick` finds in steps, until it finds less than its limit or `atMost` are deleted. */
  const deleteInSteps = async (
    accountId: string,
    pick: (tx: WriteContext['tx'], limit: number) => Promise<string[]>,
    atMost = Number.MAX_SAFE_INTEGER,
  ): Promise<number> => {
    let deleted = 0;
    while (deleted < atMost && !isStopping()) {
      const limit = Math.min(DELETED_PER_WRITE, atMost - deleted);
      const count = await writer.write(async ({ tx }) => {
        const ids = await pick(tx, limit);
        await tx.retention.deleteAttempts(accountId, ids);
        return ids.length;
      });
      deleted += count;
      if (count < limit) break;
    }
    return deleted;
  };

  const count = async (accountId: string, scan: IndexScan = {}): Promise<number> => {
    let near = LOWEST_ID;
    for (let rows = 0; ; rows += COUNT_ROWS) {
      const keyRange = { order: 'oldest', near, far: HIGHEST_ID } as const;
      const next = await scans.nthId(accountId, scan, keyRange, COUNT_ROWS);
      if (next === undefined) {
        return rows + (await scans.count(accountId, scan, keyRange, COUNT_ROWS));
      }
      near = next;
    }
  };

  const tooMany = async (accountId: string): Promise<number> => {
    const { seq } = await storage.read.accounts.get(accountId);
    const known = counted.get(accountId);
    if (known !== undefined && known.rows + seq - known.seq <= maxAttempts) return 0;
    const rows = await count(accountId);
    counted.set(accountId, { rows, seq });
    return rows <= maxAttempts ? 0 : rows - Math.floor(maxAttempts * (1 - SPARE));
  };

  const deleteOldest = async (
    accountId: string,
    below: Below,
    atMost: number,
    keyId?: string,
  ): Promise<number> => {
    let deleted = 0;
    for (const verdict of ['allowed', 'blocked'] as const) {
      const reasons = loggedReasonsOf(verdict);
      deleted += await deleteInSteps(
        accountId,
        async (tx, limit) => {
          const each = await Promise.all(
            reasons.map((reason) => tx.retention.oldestWithReason(accountId, reason, below, limit, keyId)),
          );
          return each.flat().sort().slice(0, limit);
        },
        atMost - deleted,
      );
    }
    return deleted;
  };

  /** A flood of one key must not displace the other keys' rows. */
  const deleteOfLargestKey = async (accountId: string, below: Below, atMost: number): Promise<number> => {
    for (const keyId of directory.account(accountId).keys.keys()) {
      const surplus =
        (await count(accountId, { column: 'key_id', value: keyId })) - Math.floor(maxAttempts / 2);
      if (surplus > 0) return deleteOldest(accountId, below, Math.min(atMost, surplus), keyId);
    }
    return 0;
  };

  return {
    sweep: async (accountId, { keepFrom, openFrom, networksOpenFrom }) => {
      const lastBefore = Math.min(keepFrom, openFrom);
      // An id is made when its attempt is written, never before the attempt's first call.
      const below = (id: number): Below => ({
        id: lowestIdAt(id),
        networkId: lowestIdAt(Math.min(id, networksOpenFrom)),
      });
      const old = await deleteInSteps(accountId, (tx, limit) =>
        tx.retention.attemptsBefore(accountId, below(lastBefore), lastBefore, limit),
      );
      const excess = await tooMany(accountId);
      if (excess === 0) return old;
      const ofLargest = await deleteOfLargestKey(accountId, below(openFrom), excess);
      const oldest = ofLargest + (await deleteOldest(accountId, below(openFrom), excess - ofLargest));
      const { rows, seq } = counted.get(accountId) ?? { rows: 0, seq: 0 };
      counted.set(accountId, { rows: rows - oldest, seq });
      return old + oldest;
    },
  };
}
