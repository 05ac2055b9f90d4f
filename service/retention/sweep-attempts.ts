import type { ServiceContext } from '../policy/context';
import { HIGHEST_ID, LOWEST_ID, type IndexScan } from '../storage/repositories/attempt-scans';
import type { Below } from '../storage/repositories/retention';
import type { WriteContext } from '../storage/writer';
import { lowestIdAt } from '../log/id-time';
import { loggedReasonsOf } from '../log/reasons';

export interface SweepAttemptsOptions {
  readonly context: Pick<ServiceContext, 'storage' | 'writer' | 'directory'>;
  /** Attempts that an account may have; it is brought somewhat below, so that this need not be done for every call. */
  readonly maxAttempts: number;
  /** Asked between two steps: whether the service is about to end. */
  readonly isStopping: () => boolean;
}

export interface AttemptsSweeper {
  /**
   * Deletes attempts whose last call was before `keepFrom`, and, where the account has too many, the oldest allowed
   * ones first, then the oldest blocked ones: as long as one key has more than half of what the account may have, only its own.
   * An attempt that was first seen at or after `openFrom` stays in any
   * case: its window may still be open, and a repeat counted on a deleted row would be in the log no more. So does a network
   * of a flood that was first seen at or after `networksOpenFrom`. Answers how many were deleted.
   */
  sweep(accountId: string, times: SweepTimes): Promise<number>;
}

/** All are milliseconds. */
export interface SweepTimes {
  readonly keepFrom: number;
  readonly openFrom: number;
  readonly networksOpenFrom: number;
}

/** Rows deleted in one transaction: addresses that are first seen meanwhile wait for it. */
const DELETED_PER_WRITE = 250;
const COUNT_ROWS = 10_000;
/** What is freed at once when an account has too many: this part of what it may have. */
const SPARE = 1 / 20;

export const createAttemptsSweeper = ({
  context,
  maxAttempts,
  isStopping,
}: SweepAttemptsOptions): AttemptsSweeper => {
  const { storage, writer, directory } = context;
  const lanes = storage.read.attemptLanes;
  /** How many attempts an account had at a place of its feed. Each new one moves the feed on, so that it has at most as many more. */
  const counted = new Map<string, { readonly rows: number; readonly seq: number }>();

  /** Deletes what `pick` finds, a step at a time, until it finds less than it was asked for or `atMost` are gone. */
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

  const count = async (accountId: string, lane: IndexScan = {}): Promise<number> => {
    let near = LOWEST_ID;
    for (let rows = 0; ; rows += COUNT_ROWS) {
      const stretch = { order: 'oldest', near, far: HIGHEST_ID } as const;
      const next = await lanes.nthId(accountId, lane, stretch, COUNT_ROWS);
      if (next === undefined) {
        return rows + (await lanes.count(accountId, lane, stretch, COUNT_ROWS));
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

  /** A flood of one key must not take the place of what the others have in the log. */
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
      // An id is made when its attempt is written, which is never before the attempt's first call.
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
};
