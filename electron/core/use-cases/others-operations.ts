import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext, OperationContext } from './context';
import { outboxAccess } from './outbox-access';

interface Chosen {
  readonly ids: readonly string[];
}

/**
 * Makes the operations of other people on this computer those of the signed-in person, who must be allowed to make them.
 */
export function adoptOperations(
  core: OperationContext & Pick<CoreContext, 'log'>,
  { ids }: Chosen,
): Outcome<undefined> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const { outbox, planning } = access.value;
  core.log.info('outbox.adopted', { edits: ids });
  const nowMs = core.clock.now();
  outbox.adopt(ids, { newId: core.newId, nowMs, serviceNowMs: planning.nowMs });
  return succeeded(undefined);
}

/** Drops operations that other people queued on this computer. */
export function discardOperations(
  { replica, log }: Pick<CoreContext, 'replica' | 'log'>,
  { ids }: Chosen,
): Outcome<undefined> {
  const discarded = replica.outbox?.discard(ids) ?? [];
  log.warn('outbox.discarded', { edits: discarded.map(({ operation }) => operation) });
  return succeeded(undefined);
}
