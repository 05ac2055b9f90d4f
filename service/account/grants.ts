import { subnetAround, type IpAddress } from '#shared/ip/index';
import type { RangeSource } from '#shared/domain/entities';
import type { RangeRow } from '../storage/repositories/ranges';
import { systemAuthor } from './context';
import { withinPolicy, type PolicyWrite } from './policy-write';
import type { AccountPolicy } from './policy';
import { ensureRange } from './range-edits';
import { settleStandingReviews } from './settle-reviews';
import type { WriteContext } from '../storage/writer';

const startOrContinueLearning = async (write: PolicyWrite, isNewAddress: boolean): Promise<void> => {
  const { tx, policy, now } = write;
  const { learning_started_at: startedAt, learning_last_new_at: lastNewAt } = await tx.accounts.get(
    policy.id,
  );
  if (startedAt !== null && !isNewAddress) return;
  const learning = {
    startedAt: startedAt ?? now,
    lastNewAddressAt: isNewAddress ? now : lastNewAt,
  };
  await tx.accounts.setLearning(policy.id, learning, await write.seq());
  write.afterCommit(() => {
    if (policy.mode === 'learning') policy.learning = learning;
  });
};

/** Learning starts with the first attempt, whatever its verdict. */
export const noteLearningAttempt = (write: WriteContext, policy: AccountPolicy): Promise<void> =>
  withinPolicy(write, policy, systemAuthor(policy.id), (inner) => startOrContinueLearning(inner, false));

/**
 * Adds the range that learning or a trusted review adds by itself: the account's grant size around the address, for
 * all keys. It is the account's own change, with its trail.
 */
export const addGrant = (
  write: WriteContext,
  policy: AccountPolicy,
  address: IpAddress,
  source: Extract<RangeSource, 'learning' | 'automatic'>,
): Promise<RangeRow> =>
  withinPolicy(write, policy, systemAuthor(policy.id), async (inner) => {
    const { row, added } = await ensureRange(inner, {
      cidr: subnetAround(address, policy.grants),
      effect: 'authorize',
      label: '',
      source,
      keyId: null,
      createdBy: 'system',
      expiresAt: null,
    });
    if (added) await settleStandingReviews(inner, row);
    if (source === 'learning') await startOrContinueLearning(inner, true);
    return row;
  });
