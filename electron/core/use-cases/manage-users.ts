import { MAX_USERS } from '#shared/api/routes-users';
import type { User } from '#shared/domain/entities';
import type { CallRequest } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

type Core = Pick<CoreContext, 'connections'>;

export async function listUsers({ connections }: Core): Promise<Outcome<User[]>> {
  const session = connections.session();
  if (!session.ok) return session;
  const answer = await session.value.client.call('listUsers', { query: { limit: MAX_USERS } });
  return answer.ok ? succeeded(answer.value.items) : answer;
}

export async function createUser(
  { connections }: Core,
  user: CallRequest<'users', 'create'>,
): Promise<Outcome<User>> {
  const session = connections.session();
  return session.ok ? session.value.client.call('createUser', { body: user }) : session;
}

export async function updateUser(
  { connections }: Core,
  { userId, changes }: CallRequest<'users', 'update'>,
): Promise<Outcome<User>> {
  const session = connections.session();
  return session.ok
    ? session.value.client.call('updateUser', { params: { id: userId }, body: changes })
    : session;
}

export async function removeUser(
  { connections }: Core,
  { userId }: CallRequest<'users', 'remove'>,
): Promise<Outcome<undefined>> {
  const session = connections.session();
  if (!session.ok) return session;
  const answer = await session.value.client.call('removeUser', { params: { id: userId } });
  return answer.ok ? succeeded(undefined) : answer;
}
