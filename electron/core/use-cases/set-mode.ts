import type { Account, Mode } from '#shared/domain/entities';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/** Chooses how the service handles unknown addresses. */
export async function setMode(
  core: CoreContext,
  request: { readonly mode: Mode },
): Promise<Outcome<Account>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const answer = await client.call('setMode', { body: { mode: request.mode } });
  if (!answer.ok) return answer;
  core.replica.applyWritten(accountId, { account: answer.value });
  return succeeded(answer.value);
}
