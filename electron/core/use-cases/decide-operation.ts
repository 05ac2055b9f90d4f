import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { Resolution } from '#shared/ipc/outbox';
import { type QueuedOperation, isRange, type NewOperation } from '../outbox/queued-operation';
import type { Outbox } from '../outbox/outbox';
import { planInstead } from '../outbox/plan-instead';
import { keepMine, rebased } from '../outbox/resolve';
import { isoTime } from '../text';
import type { OperationContext } from './context';
import { currentOf } from './list-outbox';
import { type OutboxAccess, outboxAccess } from './outbox-access';

const done = succeeded(undefined);

/** Undoes an operation that the service cannot have. */
export function undoOperation(core: OperationContext, { id }: { readonly id: string }): Outcome<undefined> {
  const found = findOperation(core, id);
  if (!found.ok) return found;
  if (found.value.outbox.undo(id)) return done;
  return conflict('already_sent', 'This edit was sent already. Change it back with another edit.');
}

/** Confirms an operation that waits for it. */
export function confirmOperation(
  core: OperationContext,
  { id }: { readonly id: string },
): Outcome<undefined> {
  const found = findOperation(core, id);
  if (!found.ok) return found;
  const { outbox, entry } = found.value;
  const { state, operation } = entry;
  const nowMs = core.clock.now();
  if (state.kind !== 'parked' || (state.reason !== 'needs_confirmation' && state.reason !== 'expired')) {
    return conflict('not_asked', 'This edit does not ask to be confirmed.');
  }
  if (state.reason === 'needs_confirmation') {
    // The id stays, so that a service that has the operation already recognises it.
    outbox.update([{ ...entry, confirmedAt: nowMs, state: { kind: 'pending' } }]);
    return done;
  }
  // The service has refused this id for good.
  const { expiresAt: _expired, ...again } = operation;
  const madeAt = isoTime(nowMs + core.replica.clockOffsetMs);
  const edit = { operation: { ...again, id: core.newId(), madeAt }, base: entry.base };
  outbox.replace(id, [edit], [], nowMs);
  return done;
}

/** Decides a conflicted or rejected operation. */
export function resolveOperation(
  core: OperationContext,
  { id, resolution }: { readonly id: string; readonly resolution: Resolution },
): Outcome<undefined> {
  const found = findOperation(core, id);
  if (!found.ok) return found;
  const { outbox, entry } = found.value;
  if (entry.state.kind !== 'parked') return conflict('not_parked', 'This edit goes on by itself.');
  if (resolution.choice === 'take_theirs') return takeTheirs(core, outbox, entry);
  const access = outboxAccess(core);
  if (!access.ok) return access;
  if (resolution.choice === 'edit') {
    const current = currentOf(entry, core.replica);
    const planned = planInstead(entry, resolution.edit, current, access.value.planning);
    return planned.ok ? replaceWith(core, access.value, entry, planned.value) : planned;
  }
  if (entry.state.reason === 'needs_confirmation' || entry.state.reason === 'expired') {
    return confirmOperation(core, { id });
  }
  return replaceWith(
    core,
    access.value,
    entry,
    keepMine(entry, currentOf(entry, core.replica), access.value.planning),
  );
}

function takeTheirs(core: OperationContext, outbox: Outbox, entry: QueuedOperation): Outcome<undefined> {
  const theirs = currentOf(entry, core.replica);
  const on = isRange(theirs) ? { rangeId: theirs.id, version: theirs.version } : null;
  outbox.replace(entry.operation.id, [], rebased(outbox.behind(entry.operation.id), on), core.clock.now());
  return done;
}

function replaceWith(
  core: OperationContext,
  { outbox }: OutboxAccess,
  entry: QueuedOperation,
  edits: readonly NewOperation[],
): Outcome<undefined> {
  const followers = outbox.behind(entry.operation.id);
  outbox.replace(entry.operation.id, edits, rebased(followers, leavesBehind(edits.at(-1))), core.clock.now());
  return done;
}

/** Returns the range and its version once the operation is applied. */
function leavesBehind(
  edit: NewOperation | undefined,
): { readonly rangeId: string; readonly version: number } | null {
  if (edit === undefined) return null;
  const { operation } = edit;
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
): Outcome<{ readonly outbox: Outbox; readonly entry: QueuedOperation }> {
  const { outbox } = replica;
  const entry = outbox?.get(id);
  if (outbox === null || entry === undefined || entry.state.kind === 'done') {
    return conflict('not_found', 'This edit is not waiting any more.');
  }
  return outbox.isOthers(entry)
    ? conflict('of_another_user', 'Somebody else has made this edit. Adopt it as your own, or discard it.')
    : succeeded({ outbox, entry });
}

function conflict(code: string, message: string) {
  return failed({ kind: 'conflict', code, message, current: null });
}
