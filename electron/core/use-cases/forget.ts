import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { ConnectionChange } from '../connection/connections';
import type { CoreContext } from './context';
import { tellKept } from './left-behind';

type Forgotten = CallResponse<'connection', 'forget'>;

/**
 * Disconnects one account; after the last one a person chooses a service again. Deletes its access token and local data; the
 * embedded service stops and keeps its data. Unsent operations are discarded only on request.
 */
export async function forget(
  core: CoreContext,
  { discardUnsent }: CallRequest<'connection', 'forget'>,
): Promise<Outcome<Forgotten>> {
  const { accounts, connections } = core;
  return accounts.change(() => connections.change((change) => forgetNow(core, change, discardUnsent)));
}

async function forgetNow(
  core: CoreContext,
  change: ConnectionChange,
  discardUnsent: boolean,
): Promise<Outcome<Forgotten>> {
  const { accounts, profile, replica, accountStores, tokens, log } = core;
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
  // This comes before its data go, so that windows show another account and not the first screen.
  accounts.remove(core);
  await replica.close();
  if (accountId !== null && service !== null && !isKept) accountStores.remove(service, accountId);
  tokens.forget();
  replica.setConnection({ kind: 'none' });
  return succeeded({ forgotten: true, unsent });
}
