import { DAY_MS } from '#shared/durations';
import { systemAuthor, type ServiceContext } from '../policy/context';
import { writePolicy, type PolicyWrite } from '../policy/policy-write';
import { deleteRange } from '../policy/range-edits';
import { rangeOf } from '../storage/repositories/ranges';
import { reviewOf, type NamedReviewRow } from '../storage/repositories/reviews';
import { lowestIdAt } from '#shared/domain/id-time';

/** Entities in one write. */
const STEP = 25;
const TOMBSTONES_STEP = 500;

/**
 * Minimum age of a forgotten removal, however short the retention time. Other processes learn of removals from these rows,
 * and one that missed a removal would go on letting calls in.
 */
const SHORTEST_TOMBSTONE_AGE_MS = DAY_MS;

/** Repeats the step until it does less than its limit. Returns the total. */
async function inSteps(
  limit: number,
  isStopping: () => boolean,
  step: () => Promise<number>,
): Promise<number> {
  let done = 0;
  while (!isStopping()) {
    const count = await step();
    done += count;
    if (count < limit) break;
  }
  return done;
}

async function expire(write: PolicyWrite, row: NamedReviewRow): Promise<void> {
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
}

/** Expires pending reviews without a call since `quietSince`; the next call opens a new one. */
export function expireReviews(
  context: ServiceContext,
  accountId: string,
  quietSince: number,
  isStopping: () => boolean,
): Promise<number> {
  return inSteps(STEP, isStopping, () =>
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
}

/** Expires the oldest pending reviews beyond `maxPending`. Only a flood brings so many, and all are in memory. */
export function expireSurplusReviews(
  context: ServiceContext,
  accountId: string,
  maxPending: number,
  isStopping: () => boolean,
): Promise<number> {
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
}

export function pruneOperations(
  { writer }: ServiceContext,
  answeredBefore: number,
  isStopping: () => boolean,
): Promise<number> {
  return inSteps(STEP, isStopping, () =>
    writer.write(({ tx }) => tx.operations.deleteBefore(answeredBefore, STEP)),
  );
}

/** Removes ranges that expired before `expiredBefore`. They have decided nothing since then. */
export function pruneRanges(
  context: ServiceContext,
  accountId: string,
  expiredBefore: number,
  isStopping: () => boolean,
): Promise<number> {
  return inSteps(STEP, isStopping, () =>
    writePolicy(context, systemAuthor(accountId), async (write) => {
      const rows = await write.tx.retention.rangesExpiredBefore(accountId, expiredBefore, STEP);
      for (const row of rows) await deleteRange(write, rangeOf(row));
      return rows.length;
    }),
  );
}

/**
 * Forgets removals from before `removedBefore`. A reader whose cursor is older gets a snapshot, because the feed no longer
 * tells it what is gone.
 */
export async function pruneTombstones(
  { storage, writer, clock }: ServiceContext,
  accountId: string,
  removedBefore: number,
  isStopping: () => boolean,
): Promise<void> {
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
}
