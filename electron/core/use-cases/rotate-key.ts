import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';
import type { KeyWithSecret } from './create-key';

/** Gives a key a new secret. The old one ends after the grace, in seconds. */
export async function rotateKey(
  core: CoreContext,
  request: { readonly keyId: string; readonly graceSeconds: number },
): Promise<Outcome<KeyWithSecret>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const { keyId, graceSeconds } = request;
  const answer = await client.call('rotateKey', { params: { id: keyId }, body: { graceSeconds } });
  if (!answer.ok) return answer;
  core.replica.applyWritten(accountId, { keys: [answer.value.key] });
  return succeeded(answer.value);
}
