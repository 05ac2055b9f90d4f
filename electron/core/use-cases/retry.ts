import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';
import { resume } from './resume';

/** Tries to reach the service at once, or to start the embedded one again. */
export async function retry(core: CoreContext): Promise<Outcome<undefined>> {
  const { connections, replica } = core;
  const kind = replica.connection.kind;
  const session = connections.session();
  if (session.ok) connections.wake();
  else if (kind === 'failed' || kind === 'unauthorized') await resume(core);
  return succeeded(undefined);
}
