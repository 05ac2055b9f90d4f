import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { planRemoveRange } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { planAndQueue } from './outbox-access';

/** Removes a range, unless somebody changed it since the person saw it. A missing range counts as removed. */
export function removeRange(
  core: OperationContext,
  request: CallRequest<'ranges', 'remove'>,
): Outcome<CallResponse<'ranges', 'remove'>> {
  const queued = planAndQueue(core, (planning) => planRemoveRange(planning, request));
  return queued.ok ? succeeded({ operationId: queued.value.ids[0] ?? null }) : queued;
}
