import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import type { Range } from '#shared/domain/entities';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import {
  planAddRange,
  type Planned,
  type Planning,
  planRemoveRange,
  planUpdateRange,
} from '../outbox/plan-operation';
import { changeMany } from './change-many';
import type { OperationContext } from './context';
import { outboxAccess } from './outbox-access';

/** Removes or changes ranges, unless somebody changed them since the person saw them. A missing range counts as removed. */
export function changeRanges(
  core: OperationContext,
  { ranges, change }: CallRequest<'ranges', 'changeMany'>,
): Promise<Outcome<CallResponse<'ranges', 'changeMany'>>> {
  const versions = new Map(ranges.map(({ rangeId, version }) => [rangeId, version]));
  const { confirmImpact } = change;
  return changeMany(core, versions.keys(), ({ planning }) => (rangeId) => {
    const edit = { rangeId, version: versions.get(rangeId) ?? 0, confirmImpact };
    return change.kind === 'remove'
      ? planRemoveRange(planning, edit)
      : planUpdateRange(planning, { ...edit, changes: change.changes });
  });
}

/**
 * Brings ranges back to what they were: takes back what the service cannot have yet, and changes or adds the others again. What
 * was removed at the service comes back as a new range.
 */
export async function restoreRanges(
  core: OperationContext,
  { ranges, operationIds }: CallRequest<'ranges', 'restoreMany'>,
): Promise<Outcome<CallResponse<'ranges', 'restoreMany'>>> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  access.value.outbox.undoUnsent(operationIds);
  const before = new Map(ranges.map((range) => [range.id, range]));
  return changeMany(core, before.keys(), ({ planning }) => (id) => {
    const range = before.get(id);
    return range === undefined ? succeeded([]) : planRestore(planning, range);
  });
}

function planRestore(planning: Planning, before: Range): Planned {
  const { id, cidr, label, keyId, expiresAt } = before;
  const now = planning.view.range(planning.realId(id)) ?? planning.view.range(id);
  if (now === undefined) {
    const effect = before.effect === 'authorize' ? before.effect : 'deny';
    return planAddRange(planning, {
      cidr,
      effect,
      label,
      keyId,
      expiresAt,
      allowWide: true,
      confirmImpact: true,
    });
  }
  if (now.label === label && now.expiresAt === expiresAt) return succeeded([]);
  const changes = { label, expiresAt };
  return planUpdateRange(planning, { rangeId: now.id, version: now.version, changes, confirmImpact: true });
}
