import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

export async function revokeKey(
  core: CoreContext,
  request: { readonly keyId: string },
): Promise<Outcome<undefined>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const answer = await client.call('revokeKey', { params: { id: request.keyId } });
  if (!answer.ok) return answer;
  const key = core.replica.key(request.keyId);
  if (key !== undefined) core.replica.applyWritten(accountId, { keys: [{ ...key, status: 'revoked' }] });
  return succeeded(undefined);
}
