import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import type { Outcome } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/** Chooses whether the service reports what it would block of a key's calls, instead of blocking it. */
export async function updateKey(
  core: CoreContext,
  { keyId, ...body }: CallRequest<'keys', 'update'>,
): Promise<Outcome<CallResponse<'keys', 'update'>>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const answer = await client.call('updateKey', { params: { id: keyId }, body });
  if (answer.ok) core.replica.applyWritten(accountId, { keys: [answer.value] });
  return answer;
}
