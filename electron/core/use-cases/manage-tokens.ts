import { MAX_TOKENS_PER_USER } from '#shared/api/routes-users';
import type { Token } from '#shared/domain/entities';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

type Core = Pick<CoreContext, 'connections'>;

export async function listTokens(
  { connections }: Core,
  { userId }: CallRequest<'users', 'tokens'>,
): Promise<Outcome<Token[]>> {
  const session = connections.session();
  if (!session.ok) return session;
  const answer = await session.value.client.call('listTokens', {
    params: { id: userId },
    query: { limit: MAX_TOKENS_PER_USER },
  });
  return answer.ok ? succeeded(answer.value.items) : answer;
}

/** Makes an access token. Only this answer contains its secret. */
export async function createToken(
  { connections }: Core,
  { userId, ...token }: CallRequest<'users', 'createToken'>,
): Promise<Outcome<CallResponse<'users', 'createToken'>>> {
  const session = connections.session();
  return session.ok
    ? session.value.client.call('createToken', { params: { id: userId }, body: token })
    : session;
}

export async function removeToken(
  { connections }: Core,
  { tokenId }: CallRequest<'users', 'removeToken'>,
): Promise<Outcome<undefined>> {
  const session = connections.session();
  if (!session.ok) return session;
  const answer = await session.value.client.call('removeToken', { params: { id: tokenId } });
  return answer.ok ? succeeded(undefined) : answer;
}
