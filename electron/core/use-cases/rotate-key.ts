import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import type { Outcome } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/** Gives a key a new secret. The old one ends after the grace, in seconds. */
export async function rotateKey(
  core: CoreContext,
  { keyId, graceSeconds }: CallRequest<'keys', 'rotate'>,
): Promise<Outcome<CallResponse<'keys', 'rotate'>>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const answer = await client.call('rotateKey', { params: { id: keyId }, body: { graceSeconds } });
  if (answer.ok) core.replica.applyWritten(accountId, { keys: [answer.value.key] });
  return answer;
}
