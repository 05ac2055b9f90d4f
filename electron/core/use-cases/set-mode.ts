import type { Account, Mode } from '#shared/domain/entities';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { planMode } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { outboxAccess, enqueue } from './outbox-access';

/** Chooses how the service handles unknown addresses. */
export function setMode(
  core: OperationContext,
  request: { readonly mode: Mode },
): Outcome<{ readonly operationId: string | null; readonly account: Account }> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const [operationId = null] = enqueue(core, access.value, planMode(access.value.planning, request.mode));
  const { account } = core.replica.view;
  return account === null
    ? failed({ kind: 'internal', message: 'The account is gone.' })
    : succeeded({ operationId, account });
}
