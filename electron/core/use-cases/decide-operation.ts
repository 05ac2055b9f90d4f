import { isUndecided } from '#shared/domain/outbox';
import type { CallRequest } from '#shared/ipc/derive';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { type QueuedOperation, isRange, type NewOperation } from '../outbox/queued-operation';
import type { Outbox } from '../outbox/outbox';
import { keepMine, planInstead, rebased } from '../outbox/resolve';
import { isoTime } from '../text';
import type { OperationContext } from './context';
import { currentOf } from './list-outbox';
import { outboxAccess } from './outbox-access';

const done = succeeded(undefined);

/** Undoes an operation that the service cannot have. */
export function undoOperation(core: OperationContext, { id }: { readonly id: string }): Outcome<undefined> {
  const found = findOperation(core, id);
  if (!found.ok) return found;
  if (found.value.outbox.undo(id)) return done;
  return conflict('already_sent', t('refusals.alreadySent'));
}

/** Confirms an operation that waits for it. */
export function confirmOperation(
  core: OperationContext,
  { id }: { readonly id: string },
): Outcome<undefined> {
  const found = findOperation(core, id);
  if (!found.ok) return found;
  const { outbox, queued } = found.value;
  const { state, operation } = queued;
  const nowMs = core.clock.now();
  if (state.kind === 'held') {
    // The id stays, so that a service that has the operation already recognises it.
    outbox.update([{ ...queued, confirmedAt: nowMs, state: { kind: 'pending' } }]);
    return done;
  }
  if (state.kind !== 'expired') return conflict('not_asked', t('refusals.notAsked'));
  // The service has refused this id for good.
  const { expiresAt: _expired, ...again } = operation;
  const madeAt = isoTime(nowMs + core.replica.clockOffsetMs);
  outbox.replace(id, [{ operation: { ...again, id: core.newId(), madeAt }, base: queued.base }], [], nowMs);
  return done;
}

/** Decides a conflicted or rejected operation. */
export function resolveOperation(
  core: OperationContext,
  { id, resolution }: CallRequest<'outbox', 'resolve'>,
): Outcome<undefined> {
  const found = findOperation(core, id);
  if (!found.ok) return found;
  const { outbox, queued } = found.value;
  const { state } = queued;
  if (!isUndecided(state)) return conflict('goes_on', t('refusals.goesOn'));
  const current = currentOf(queued, core.replica);
  const replaceBy = (operations: readonly NewOperation[], left = leavesBehind(operations.at(-1))) => {
    outbox.replace(id, operations, rebased(outbox.behind(id), left), core.clock.now());
    return done;
  };
  if (resolution.choice === 'take_theirs') {
    return replaceBy([], isRange(current) ? { rangeId: current.id, version: current.version } : null);
  }
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const { planning } = access.value;
  if (resolution.choice === 'replace') {
    const planned = planInstead(resolution.request, current, planning);
    return planned.ok ? replaceBy(planned.value) : planned;
  }
  if (state.kind === 'held' || state.kind === 'expired') return confirmOperation(core, { id });
  return replaceBy(keepMine(queued, current, planning));
}

/** Returns the range and its version once the operation is applied. */
function leavesBehind(
  last: NewOperation | undefined,
): { readonly rangeId: string; readonly version: number } | null {
  if (last === undefined) return null;
  const { operation } = last;
  if (operation.type === 'range.add' && operation.rangeId !== undefined) {
    return { rangeId: operation.rangeId, version: 1 };
  }
  return operation.type === 'range.update' && operation.baseVersion !== undefined
    ? { rangeId: operation.rangeId, version: operation.baseVersion + 1 }
    : null;
}

function findOperation(
  { replica }: OperationContext,
  id: string,
): Outcome<{ readonly outbox: Outbox; readonly queued: QueuedOperation }> {
  const { outbox } = replica;
  const queued = outbox?.get(id);
  if (outbox === null || queued === undefined || queued.state.kind === 'done') {
    return conflict('not_found', t('refusals.notWaiting'));
  }
  return outbox.isOthers(queued)
    ? conflict('of_another_user', t('refusals.ofAnotherUser'))
    : succeeded({ outbox, queued });
}

function conflict(code: string, message: string) {
  return failed({ kind: 'conflict', code, message, current: null });
}
