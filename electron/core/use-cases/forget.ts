import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';
import { tellKept } from './left-behind';

/**
 * Returns to the choice of a service. Deletes the access token and the account's local data; the embedded service stops and
 * keeps its data. Unsent operations are discarded only on request; those queued in the meantime stay on this computer.
 */
export async function forget(
  core: CoreContext,
  { discardUnsent }: CallRequest<'connection', 'forget'>,
): Promise<Outcome<CallResponse<'connection', 'forget'>>> {
  const { connections, profile, replica, accountStores, tokens, log } = core;
  return connections.change(async (change) => {
    const asked = replica.outbox?.unsent ?? 0;
    if (asked > 0 && !discardUnsent) return succeeded({ forgotten: false, unsent: asked });
    // This comes first, because a full disk may refuse it.
    profile.update({ service: null, accountId: null, encryptedToken: null, chosen: true });
    await change.close();
    // Operations may have been queued or sent while the connection was being closed.
    const unsent = replica.outbox?.unsent ?? 0;
    const isKept = unsent > 0 && !discardUnsent;
    if (unsent > 0) {
      const operations = replica.outbox?.all().map(({ operation }) => operation) ?? [];
      log.warn(isKept ? 'outbox.left_behind' : 'outbox.discarded', { operations });
    }
    if (isKept) tellKept(core);
    const { accountId, service } = replica;
    await replica.close();
    if (accountId !== null && service !== null && !isKept) accountStores.remove(service, accountId);
    tokens.forget();
    replica.setConnection({ kind: 'none' });
    return succeeded({ forgotten: true, unsent });
  });
}
