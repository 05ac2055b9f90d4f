import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

export interface Forgotten {
  readonly forgotten: boolean;
  /** Edits that the service does not have: they keep the account from being forgotten, or were discarded with it. */
  readonly unsent: number;
}

/**
 * Back to the choice of a service. The access token and what this computer knows of the account are deleted; the embedded
 * service is stopped and keeps its data. Edits that the service does not have are only discarded if that is asked for.
 */
export async function forget(
  core: CoreContext,
  { discardUnsent }: { readonly discardUnsent: boolean },
): Promise<Outcome<Forgotten>> {
  const { connections, profile, replica, accountStores, log } = core;
  return connections.change(async (change) => {
    const unsent = replica.outbox?.unsent ?? 0;
    if (unsent > 0 && !discardUnsent) return succeeded({ forgotten: false, unsent });
    await change.close();
    const { accountId, service } = replica;
    if (unsent > 0) {
      const edits = replica.outbox?.entries().map(({ operation }) => operation) ?? [];
      log.warn('outbox.discarded', { edits });
    }
    replica.close();
    if (accountId !== null && service !== null) accountStores.remove(service, accountId);
    profile.update({ service: null, accountId: null, encryptedToken: null, chosen: true });
    replica.setConnection({ kind: 'none' });
    return succeeded({ forgotten: true, unsent });
  });
}
