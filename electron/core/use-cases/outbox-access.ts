import { derivedId } from '#shared/domain/derived-id';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { NewOperation } from '../outbox/queued-operation';
import type { Outbox } from '../outbox/outbox';
import { lacks, type Planning } from '../outbox/plan-operation';
import type { OperationContext } from './context';

export interface OutboxAccess {
  readonly outbox: Outbox;
  readonly planning: Planning;
}

/** Returns what an operation needs, or a failure: no account is known, or the token is read-only. */
export function outboxAccess({ replica, clock, newId }: OperationContext): Outcome<OutboxAccess> {
  const { outbox, view } = replica;
  if (outbox === null || view.account === null) {
    const message =
      'message' in replica.connection
        ? replica.connection.message
        : 'The console is not connected to a service.';
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
      outbox
        .entries()
        .some(({ operation }) => 'reviewId' in operation && derivedId(operation.id) === range.id),
  };
  return succeeded({ outbox, planning });
}

/** Puts planned operations into the outbox, and returns their ids. */
export function enqueue(
  { clock }: OperationContext,
  { outbox }: OutboxAccess,
  planned: readonly NewOperation[],
): readonly (string | null)[] {
  return planned.length === 0 ? [] : outbox.enqueue(planned, clock.now());
}
