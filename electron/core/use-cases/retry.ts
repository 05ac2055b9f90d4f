import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';
import { resume } from './resume';

/**
 * Tries at once to reach the service, to start the embedded one again, or to open the key store. Does not wait for a person
 * who answers the key store.
 */
export async function retry(core: CoreContext): Promise<Outcome<undefined>> {
  const { connections, replica, tokens, log } = core;
  const { kind } = replica.connection;
  const session = connections.session();
  if (session.ok) connections.wake();
  else if (kind === 'failed') await resume(core);
  else if (kind === 'unauthorized') {
    tokens.askAgain();
    resume(core).catch((error: unknown) => log.error('resume.failed', { error }));
  }
  return succeeded(undefined);
}
