import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';
import { resume } from './resume';

/**
 * Tries at once to reach the service, to start the embedded one again, or to open the key store. Does not wait for a person
 * who answers the key store.
 */
export async function retry(core: CoreContext): Promise<Outcome<undefined>> {
  const { connections, replica } = core;
  const { kind } = replica.connection;
  const session = connections.session();
  if (session.ok) connections.wake();
  else if (kind === 'failed') await resume(core);
  else if (kind === 'unauthorized') askKeyStoreAgain(core);
  return succeeded(undefined);
}

/** One prompt opens the key store for all accounts that wait for it. */
function askKeyStoreAgain(core: CoreContext): void {
  const { accounts, log } = core;
  const waiting = accounts.all().filter((account) => account === core || waitsForKeyStore(account));
  for (const { tokens } of waiting) tokens.askAgain();
  for (const account of waiting) {
    resume(account).catch((error: unknown) => log.error('resume.failed', { error }));
  }
}

function waitsForKeyStore({ connections, replica: { connection } }: CoreContext): boolean {
  if (connections.session().ok) return false;
  if (connection.kind === 'connecting') return connection.service.kind === 'remote';
  return connection.kind === 'unauthorized' && ['token_locked', 'token_waiting'].includes(connection.code);
}
