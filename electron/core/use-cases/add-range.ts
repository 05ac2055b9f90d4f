import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { planAddRange } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { planAndQueue } from './outbox-access';

/** Adds the range of a text, or the several ranges of a dash. */
export function addRange(
  core: OperationContext,
  request: CallRequest<'ranges', 'add'>,
): Outcome<CallResponse<'ranges', 'add'>> {
  const queued = planAndQueue(core, (planning) => planAddRange(planning, request));
  if (!queued.ok) return queued;
  const { ids, operations } = queued.value;
  return succeeded({
    operationIds: ids.filter((id) => id !== null),
    ranges: operations.flatMap(({ operation }) =>
      operation.type === 'range.add' && operation.rangeId !== undefined
        ? (core.replica.view.range(operation.rangeId) ?? [])
        : [],
    ),
  });
}
