import type { z } from 'zod';
import type { addRangeBody } from '#shared/api/bodies';
import type { Range } from '#shared/domain/entities';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { planAddRange } from '../outbox/plan-edit';
import type { EditContext } from './context';
import { deskFor, queue } from './queue-edit';

/** Adds the range of a text, or the several ranges of a dash. */
export function addRange(
  core: EditContext,
  request: z.output<typeof addRangeBody>,
): Outcome<{ readonly operationIds: string[]; readonly ranges: Range[] }> {
  const desk = deskFor(core);
  if (!desk.ok) return desk;
  const planned = planAddRange(desk.value.planning, request);
  if (!planned.ok) return planned;
  const ids = queue(core, desk.value, planned.value);
  return succeeded({
    operationIds: ids.filter((id) => id !== null),
    ranges: planned.value.flatMap(({ operation }) =>
      operation.type === 'range.add' && operation.rangeId !== undefined
        ? (core.replica.view.range(operation.rangeId) ?? [])
        : [],
    ),
  });
}
