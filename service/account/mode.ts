import { setMode as ruleOfMode } from '#shared/domain/apply-operation';
import type { Mode } from '#shared/domain/entities';
import { learningEndsAt } from '../enforcement/learning';
import { systemAuthor, type Author, type ServiceContext } from './context';
import { learningStateOf } from './policy';
import { writePolicy, type PolicyWrite } from './policy-write';

/** Writes the mode within a change of policy, if it is not the one that holds already. */
export const setModeWithin = async (write: PolicyWrite, mode: Mode): Promise<void> => {
  const { tx, policy, audit, afterCommit } = write;
  // Looked up inside the write: a change that is still queued counts too.
  const before = await tx.accounts.get(policy.id);
  const effect = ruleOfMode({ account: { mode: before.mode, grants: policy.grants } }, mode);
  if (effect.mode === undefined) return;
  await tx.accounts.setMode(policy.id, mode);
  await audit({ action: 'mode.set', target: policy.id, before: { mode: before.mode }, after: { mode } });
  afterCommit(() => {
    policy.mode = mode;
    policy.learning = { startedAt: null, lastNewAddressAt: null };
  });
};

/**
 * Chooses how unknown addresses are handled. Choosing the mode that holds already changes nothing; choosing `learning`
 * after another one starts it afresh.
 */
export const setMode = (context: ServiceContext, author: Author, mode: Mode): Promise<void> =>
  writePolicy(context, author, (write) => setModeWithin(write, mode));

/** Writes down that learning is over, once its window is; the account does that by itself. */
export const endLearningIfDue = (context: ServiceContext, accountId: string): Promise<void> =>
  writePolicy(context, systemAuthor(accountId), async (write) => {
    const account = await write.tx.accounts.get(accountId);
    if (account.mode !== 'learning') return;
    const endsAt = learningEndsAt(learningStateOf(account), context.learningWindowMs);
    if (endsAt !== null && write.now >= endsAt) await setModeWithin(write, 'automatic');
  });
