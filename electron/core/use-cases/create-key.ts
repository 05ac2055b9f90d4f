import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import type { Outcome } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/** Creates a key. Only this answer contains its secret. */
export async function createKey(
  core: CoreContext,
  { name }: CallRequest<'keys', 'create'>,
): Promise<Outcome<CallResponse<'keys', 'create'>>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const answer = await client.call('createKey', { body: { name } });
  if (answer.ok) core.replica.applyWritten(accountId, { keys: [answer.value.key] });
  return answer;
}
