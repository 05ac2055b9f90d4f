import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { planMode } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { planAndQueue } from './outbox-access';

/** Chooses how the service handles unknown addresses, and whether it only reports. */
export function setMode(
  core: OperationContext,
  request: CallRequest<'mode', 'set'>,
): Outcome<CallResponse<'mode', 'set'>> {
  const queued = planAndQueue(core, (planning) => planMode(planning, request));
  if (!queued.ok) return queued;
  const { account } = core.replica.view;
  return account === null
    ? failed({ kind: 'internal', message: t('refusals.accountGone') })
    : succeeded({ operationId: queued.value.ids[0] ?? null, account });
}
