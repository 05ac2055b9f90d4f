import { type Outcome, succeeded } from '#shared/ipc/failure';
import { planRemoveRange } from '../outbox/plan-edit';
import type { EditContext } from './context';
import { deskFor, queue } from './queue-edit';

/** Removes a range, unless somebody changed it since the person saw it. A missing range counts as removed. */
export function removeRange(
  core: EditContext,
  request: { readonly rangeId: string; readonly version: number },
): Outcome<{ readonly operationId: string | null }> {
  const desk = deskFor(core);
  if (!desk.ok) return desk;
  const planned = planRemoveRange(desk.value.planning, request);
  if (!planned.ok) return planned;
  const [operationId = null] = queue(core, desk.value, planned.value);
  return succeeded({ operationId });
}
