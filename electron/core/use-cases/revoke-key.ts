import type { CallRequest } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

export async function revokeKey(
  core: CoreContext,
  { keyId, confirmImpact }: CallRequest<'keys', 'revoke'>,
): Promise<Outcome<undefined>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const answer = await client.call('revokeKey', {
    params: { id: keyId },
    query: confirmImpact === true ? { confirmImpact: 'true' } : {},
  });
  if (!answer.ok) return answer;
  const key = core.replica.mirroredOne('key', keyId);
  if (key !== undefined) core.replica.applyWritten(accountId, { keys: [{ ...key, status: 'revoked' }] });
  return succeeded(undefined);
}
