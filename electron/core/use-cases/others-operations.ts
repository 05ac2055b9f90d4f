import type { CallRequest } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { adopt, discard } from '../outbox/authors';
import type { CoreContext, OperationContext } from './context';
import { outboxAccess } from './outbox-access';

/** Makes other people's operations on this computer those of the signed-in person, who must be allowed to make them. */
export function adoptOperations(
  core: OperationContext & Pick<CoreContext, 'log'>,
  { ids }: CallRequest<'outbox', 'adopt'>,
): Outcome<undefined> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const { outbox, planning } = access.value;
  core.log.info('outbox.adopted', { operations: ids });
  adopt(outbox, ids, { newId: core.newId, nowMs: core.clock.now(), serviceNowMs: planning.nowMs });
  return succeeded(undefined);
}

/** Drops operations that other people queued on this computer. */
export function discardOperations(
  { replica, log }: Pick<CoreContext, 'replica' | 'log'>,
  { ids }: CallRequest<'outbox', 'discard'>,
): Outcome<undefined> {
  const discarded = replica.outbox === null ? [] : discard(replica.outbox, ids);
  log.warn('outbox.discarded', { operations: discarded.map(({ operation }) => operation) });
  return succeeded(undefined);
}
