import type { z } from 'zod';
import type { addRangeBody } from '#shared/api/bodies';
import type { Range } from '#shared/domain/entities';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { planAddRange } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { outboxAccess, enqueue } from './outbox-access';

/** Adds the range of a text, or the several ranges of a dash. */
export function addRange(
  core: OperationContext,
  request: z.output<typeof addRangeBody>,
): Outcome<{ readonly operationIds: string[]; readonly ranges: Range[] }> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const planned = planAddRange(access.value.planning, request);
  if (!planned.ok) return planned;
  const ids = enqueue(core, access.value, planned.value);
  return succeeded({
    operationIds: ids.filter((id) => id !== null),
    ranges: planned.value.flatMap(({ operation }) =>
      operation.type === 'range.add' && operation.rangeId !== undefined
        ? (core.replica.view.range(operation.rangeId) ?? [])
        : [],
    ),
  });
}
