import { type Outcome, succeeded } from '#shared/ipc/failure';
import { planRemoveRange } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { outboxAccess, enqueue } from './outbox-access';

/** Removes a range, unless somebody changed it since the person saw it. A missing range counts as removed. */
export function removeRange(
  core: OperationContext,
  request: { readonly rangeId: string; readonly version: number },
): Outcome<{ readonly operationId: string | null }> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const planned = planRemoveRange(access.value.planning, request);
  if (!planned.ok) return planned;
  const [operationId = null] = enqueue(core, access.value, planned.value);
  return succeeded({ operationId });
}
