import type { Key } from '#shared/domain/entities';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

export interface KeyWithSecret {
  readonly key: Key;
  /** Only this answer contains it. */
  readonly secret: string;
}

export async function createKey(
  core: CoreContext,
  request: { readonly name: string },
): Promise<Outcome<KeyWithSecret>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const answer = await client.call('createKey', { body: { name: request.name } });
  if (!answer.ok) return answer;
  core.replica.applyWritten(accountId, { keys: [answer.value.key] });
  return succeeded(answer.value);
}
