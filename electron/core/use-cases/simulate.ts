import { MINUTE_MS } from '#shared/durations';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import type { Outcome } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/** Millions of rows take a while, and longer while calls are answered. */
const TIMEOUT_MS = 2 * MINUTE_MS;

export async function simulate(
  core: Pick<CoreContext, 'connections'>,
  request: CallRequest<'simulation', 'run'>,
): Promise<Outcome<CallResponse<'simulation', 'run'>>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  return session.value.client.call('simulate', { body: request }, { timeoutMs: TIMEOUT_MS });
}
