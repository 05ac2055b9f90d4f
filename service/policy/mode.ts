import type { RouteRequest } from '#shared/api/route-types';
import type { Mode } from '#shared/domain/entities';
import { learningEndsAt } from '../enforcement/learning';
import { applyChange, applyWithin } from './apply-change';
import { systemAuthor, type Author, type ServiceContext } from './context';
import type { ChangeContext } from './impact';
import { learningStateOf } from './policy';
import { writePolicy, type PolicyWrite } from './policy-write';

/** Sets the mode within a change of policy. Setting the current mode changes nothing. */
export async function setModeWithin(write: PolicyWrite, mode: Mode): Promise<void> {
  await applyWithin(write, { type: 'mode.set', mode });
}

/**
 * Sets the mode, and whether it only reports. Setting the current mode changes nothing; `learning` starts afresh after another
 * mode.
 */
export async function setMode(
  context: ChangeContext,
  author: Author,
  body: RouteRequest<'setMode'>['body'],
): Promise<void> {
  await applyChange(context, author, { type: 'mode.set', ...body });
}

/** Switches to `automatic` once the learning window is over. The audit trail names `system`. */
export function endLearningIfDue(context: ServiceContext, accountId: string): Promise<void> {
  return writePolicy(context, systemAuthor(accountId), async (write) => {
    const account = await write.tx.accounts.get(accountId);
    if (account.mode !== 'learning') return;
    const endsAt = learningEndsAt(learningStateOf(account), context.learningWindowMs);
    if (endsAt !== null && write.now >= endsAt) await setModeWithin(write, 'automatic');
  });
}
