import type { z } from 'zod';
import type { updateRangeBody } from '#shared/api/bodies';
import type { Range } from '#shared/domain/entities';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { NewOperation } from '../outbox/queued-operation';
import { planUpdateRange } from '../outbox/plan-operation';
import type { OperationContext } from './context';
import { outboxAccess, enqueue } from './outbox-access';

function rangeIdOf([edit]: readonly NewOperation[]): string | undefined {
  return edit?.operation.type === 'range.update' ? edit.operation.rangeId : undefined;
}

export interface RangeUpdate {
  readonly rangeId: string;
  /** The version that the person saw. */
  readonly version: number;
  readonly changes: z.output<typeof updateRangeBody>;
}

/** Changes label, effect, key or expiry of a range, unless somebody changed it since the person saw it. */
export function updateRange(
  core: OperationContext,
  request: RangeUpdate,
): Outcome<{ readonly operationId: string; readonly range: Range }> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const planned = planUpdateRange(access.value.planning, { type: 'range.update', ...request });
  if (!planned.ok) return planned;
  const [operationId] = enqueue(core, access.value, planned.value);
  const range = core.replica.view.range(rangeIdOf(planned.value) ?? '');
  if (operationId === null || operationId === undefined || range === undefined) {
    return failed({ kind: 'internal', message: 'The edit was not taken in.' });
  }
  return succeeded({ operationId, range });
}
