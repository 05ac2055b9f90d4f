import { derivedId } from '#shared/domain/derived-id';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import type { NewOperation } from '../outbox/queued-operation';
import type { Outbox } from '../outbox/outbox';
import { lacks, type Planned, type Planning } from '../outbox/plan-operation';
import type { OperationContext } from './context';

export interface OutboxAccess {
  readonly outbox: Outbox;
  readonly planning: Planning;
}

/** Returns what an operation needs, or a failure: no account is known, or the token is read-only. */
export function outboxAccess({ replica, clock, newId }: OperationContext): Outcome<OutboxAccess> {
  const { outbox, view } = replica;
  if (outbox === null || view.account === null) {
    const message = 'message' in replica.connection ? replica.connection.message : t('refusals.notConnected');
    return failed({ kind: 'unreachable', message });
  }
  const forbidden = lacks(view, 'authorized_ips');
  if (forbidden !== null) return failed(forbidden);
  const planning: Planning = {
    view,
    newId,
    nowMs: clock.now() + replica.clockOffsetMs,
    lastOn: (subject) => outbox.lastOn(subject),
    realId: (id) => outbox.realRangeId(id),
    isStandIn: (range) =>
      (range.source === 'approval' || range.source === 'denial') &&
      outbox.all().some(({ operation }) => 'reviewId' in operation && derivedId(operation.id) === range.id),
  };
  return succeeded({ outbox, planning });
}

export interface Queued {
  readonly operations: readonly NewOperation[];
  /** The id of each in the outbox; null where nothing is left to do. */
  readonly ids: readonly (string | null)[];
}

/** Plans operations and puts them into the outbox. */
export function planAndQueue(core: OperationContext, plan: (planning: Planning) => Planned): Outcome<Queued> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const { outbox, planning } = access.value;
  const planned = plan(planning);
  if (!planned.ok) return planned;
  const operations = planned.value;
  return succeeded({ operations, ids: outbox.enqueue(operations, core.clock.now()) });
}
