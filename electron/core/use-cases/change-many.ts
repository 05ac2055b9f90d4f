import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { ChangedMany } from '#shared/ipc/policy';
import { t } from '#shared/i18n/t';
import type { Planned } from '../outbox/plan-operation';
import type { NewOperation } from '../outbox/queued-operation';
import { yieldToEventLoop } from '../yield-to-event-loop';
import type { OperationContext } from './context';
import { type OutboxAccess, outboxAccess } from './outbox-access';

/** Entities that are planned without a pause for the other work of this process. */
const PLANNED_AT_ONCE = 250;

/**
 * Plans a change of many entities, by their ids. All operations are queued in one step, so that the disk is written and the windows
 * are told once.
 */
export async function changeMany(
  core: OperationContext,
  ids: Iterable<string>,
  plannerOf: (access: OutboxAccess) => (id: string) => Planned,
): Promise<Outcome<ChangedMany>> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const { outbox } = access.value;
  const plan = plannerOf(access.value);
  const operations: NewOperation[] = [];
  const refused: ChangedMany['refused'] = [];
  let planned = 0;
  for (const id of new Set(ids)) {
    planned += 1;
    // The plan ignores later news of the feed. The service refuses a change that came too late, as it always does.
    if (planned % PLANNED_AT_ONCE === 0) await yieldToEventLoop();
    const outcome = plan(id);
    if (outcome.ok) operations.push(...outcome.value);
    else refused.push({ id, message: outcome.failure.message });
  }
  // The account may have been left meanwhile, and its store closed.
  const after = outboxAccess(core);
  if (!after.ok) return after;
  if (after.value.outbox !== outbox)
    return failed({ kind: 'internal', message: t('refusals.otherAccountNow') });
  const queued = outbox.enqueue(operations, core.clock.now());
  return succeeded({ refused, operationIds: queued.filter((id) => id !== null) });
}
