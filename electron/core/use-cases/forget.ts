import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';
import { tellKept } from './left-behind';

export interface Forgotten {
  readonly forgotten: boolean;
  /**
   * Edits that the service does not have. They keep the account from being forgotten, or were discarded with it; those that
   * were made in the meantime stay on this computer.
   */
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
  const { connections, profile, replica, accountStores, tokens, log } = core;
  return connections.change(async (change) => {
    const asked = replica.outbox?.unsent ?? 0;
    if (asked > 0 && !discardUnsent) return succeeded({ forgotten: false, unsent: asked });
    // Before anything else changes: the disk may refuse it.
    profile.update({ service: null, accountId: null, encryptedToken: null, chosen: true });
    await change.close();
    // Edits may have been made, or sent, while the connection was being closed.
    const unsent = replica.outbox?.unsent ?? 0;
    const isKept = unsent > 0 && !discardUnsent;
    if (unsent > 0) {
      const edits = replica.outbox?.entries().map(({ operation }) => operation) ?? [];
      log.warn(isKept ? 'outbox.left_behind' : 'outbox.discarded', { edits });
    }
    if (isKept) tellKept(core);
    const { accountId, service } = replica;
    replica.close();
    if (accountId !== null && service !== null && !isKept) accountStores.remove(service, accountId);
    tokens.forget();
    replica.setConnection({ kind: 'none' });
    return succeeded({ forgotten: true, unsent });
  });
}
