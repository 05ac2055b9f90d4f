import type { Mode } from '#shared/domain/entities';
import type { Principal, ServiceContext } from './context';
import { writePolicy } from './policy-write';
import { Refusal } from './refusal';

/** Chooses how unknown addresses are handled. Choosing the mode that holds already changes nothing. */
export const setMode = async (context: ServiceContext, principal: Principal, mode: Mode): Promise<void> => {
  if (mode === 'learning') {
    throw new Refusal(
      'mode_unavailable',
      'Learning is not available in this version; choose automatic, manual or deactivated.',
      {
        field: 'mode',
      },
    );
  }
  await writePolicy(context, principal, async ({ tx, policy, audit, afterCommit }) => {
    // Looked up inside the write: a change that is still queued counts too.
    const before = await tx.accounts.get(policy.id);
    if (before.mode === mode) return;
    await tx.accounts.setMode(policy.id, mode);
    await audit({ action: 'mode.set', target: policy.id, before: { mode: before.mode }, after: { mode } });
    afterCommit(() => {
      policy.mode = mode;
    });
  });
};
