import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { planUpdateRange } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { planAndQueue } from './outbox-access';

/** Changes label, effect, key or expiry of a range, unless somebody changed it since the person saw it. */
export function updateRange(
  core: OperationContext,
  request: CallRequest<'ranges', 'update'>,
): Outcome<CallResponse<'ranges', 'update'>> {
  const queued = planAndQueue(core, (planning) => planUpdateRange(planning, request));
  if (!queued.ok) return queued;
  const { ids, operations } = queued.value;
  const [operationId = null] = ids;
  const operation = operations[0]?.operation;
  const range = core.replica.view.range(operation?.type === 'range.update' ? operation.rangeId : '');
  if (operationId === null || range === undefined) {
    return failed({ kind: 'internal', message: t('refusals.changeNotTakenIn') });
  }
  return succeeded({ operationId, range });
}
