import { systemAuthor, type ServiceContext } from '../policy/context';
import { writePolicy, type PolicyWrite } from '../policy/policy-write';
import { deleteRange } from '../policy/range-edits';
import { rangeOf } from '../storage/repositories/ranges';
import { reviewOf, type NamedReviewRow } from '../storage/repositories/reviews';
import { lowestIdAt } from '../log/id-time';

/** Entities in one write. */
const STEP = 25;
const TOMBSTONES_STEP = 500;

/**
 * Removals are told for at least so long, however short the retention: other processes on the same database learn of
 * them from there, and one that misses a removal would go on letting calls in.
 */
export const SHORTEST_TOMBSTONE_AGE_MS = 24 * 3_600_000;

/** Does steps until one of them does less than it could have. Answers how much was done. */
const inSteps = async (
  limit: number,
  isStopping: () => boolean,
  step: () => Promise<number>,
): Promise<number> => {
  let done = 0;
  while (!isStopping()) {
    const count = await step();
    done += count;
    if (count < limit) break;
  }
  return done;
};

const expire = async (write: PolicyWrite, row: NamedReviewRow): Promise<void> => {
  const { tx, policy } = write;
  await tx.reviews.decide(
    policy.id,
    row.id,
    { status: 'expired', decidedBy: write.author.actor.name, decidedAt: write.now, rangeId: null },
    await write.seq(),
  );
  const after = await tx.reviews.get(policy.id, row.id);
  if (after === undefined) throw new Error(`review ${row.id} vanished while it expired`);
  await write.audit({
    action: 'review.expired',
    target: row.id,
    before: reviewOf(row),
    after: reviewOf(after),
  });
  write.afterCommit(() => policy.dropActiveReview({ ip: row.ip, keyId: row.key_id }));
};

/** Lets questions expire that nobody has called about since `quietSince`: a next call asks a new one. */
export const expireReviews = (
  context: ServiceContext,
  accountId: string,
  quietSince: number,
  isStopping: () => boolean,
): Promise<number> =>
  inSteps(STEP, isStopping, () =>
    writePolicy(context, systemAuthor(accountId), async (write) => {
      const rows = await write.tx.retention.pendingBefore(
        accountId,
        lowestIdAt(quietSince),
        quietSince,
        STEP,
      );
      for (const row of rows) await expire(write, row);
      return rows.length;
    }),
  );

/**
 * Lets the oldest questions expire while there are more than `maxPending`. So many come from a flood of addresses; a
 * person could not answer them, and each is held in memory.
 */
export const expireSurplusReviews = (
  context: ServiceContext,
  accountId: string,
  maxPending: number,
  isStopping: () => boolean,
): Promise<number> => {
  const surplus = (): number =>
    context.directory
      .account(accountId)
      .activeReviews()
      .filter(({ status }) => status === 'pending').length - maxPending;
  let left = surplus();
  return inSteps(STEP, isStopping, () =>
    writePolicy(context, systemAuthor(accountId), async (write) => {
      const rows = await write.tx.retention.oldestPending(accountId, Math.min(STEP, Math.max(0, left)));
      for (const row of rows) await expire(write, row);
      left -= rows.length;
      return rows.length;
    }),
  );
};

/** Forgets operations that were answered before `answeredBefore`. */
export const pruneOperations = (
  { writer }: ServiceContext,
  answeredBefore: number,
  isStopping: () => boolean,
): Promise<number> =>
  inSteps(STEP, isStopping, () => writer.write(({ tx }) => tx.operations.deleteBefore(answeredBefore, STEP)));

/** Removes ranges that expired before `expiredBefore`; they have decided nothing since then. */
export const pruneRanges = (
  context: ServiceContext,
  accountId: string,
  expiredBefore: number,
  isStopping: () => boolean,
): Promise<number> =>
  inSteps(STEP, isStopping, () =>
    writePolicy(context, systemAuthor(accountId), async (write) => {
      const rows = await write.tx.retention.rangesExpiredBefore(accountId, expiredBefore, STEP);
      for (const row of rows) await deleteRange(write, rangeOf(row));
      return rows.length;
    }),
  );

/**
 * Forgets what was removed before `removedBefore`. Who has not read so far is sent a snapshot: it could not learn
 * from the feed any more that something is gone.
 */
export const pruneTombstones = async (
  { storage, writer, clock }: ServiceContext,
  accountId: string,
  removedBefore: number,
  isStopping: () => boolean,
): Promise<void> => {
  const before = Math.min(removedBefore, clock.now() - SHORTEST_TOMBSTONE_AGE_MS);
  const seq = await storage.read.retention.seqBefore(accountId, lowestIdAt(before));
  if (seq === 0) return;
  for (let last: number | undefined = 0; last !== undefined && !isStopping();) {
    last = await writer.write(async ({ tx }) => {
      const pruned = await tx.retention.deleteTombstones(accountId, seq, TOMBSTONES_STEP);
      if (pruned !== undefined) await tx.retention.setPrunedSeq(accountId, pruned);
      return pruned;
    });
  }
};
