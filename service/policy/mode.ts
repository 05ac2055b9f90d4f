import type { Mode } from '#shared/domain/entities';
import { learningEndsAt } from '../enforcement/learning';
import { applyWithin } from './apply-change';
import { systemAuthor, type Author, type ServiceContext } from './context';
import { learningStateOf } from './policy';
import { writePolicy, type PolicyWrite } from './policy-write';

/** Writes the mode within a change of policy, if it is not the one that holds already. */
export async function setModeWithin(write: PolicyWrite, mode: Mode): Promise<void> {
  await applyWithin(write, { type: 'mode.set', mode });
}

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
