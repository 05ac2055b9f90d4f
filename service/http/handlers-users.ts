import { createToken, listTokens, removeToken } from '../account/tokens';
import { createUser, removeUser, updateUser } from '../account/users';
import { tokenOf, userOf } from '../storage/repositories/users';
import type { RouteHandlers } from './route-handlers';

export const userHandlers: Pick<
  RouteHandlers,
  'listUsers' | 'createUser' | 'updateUser' | 'removeUser' | 'listTokens' | 'createToken' | 'removeToken'
> = {
  listUsers: async ({ storage, principal }, { query }) => {
    const page = await storage.read.users.page(principal.accountId, query);
    return { items: page.items.map(userOf), nextCursor: page.nextCursor };
  },
  createUser: (call, { body }) => createUser(call, call.principal, body),
  updateUser: (call, { params, body }) => updateUser(call, call.principal, params.id, body),
  removeUser: async (call, { params }) => {
    await removeUser(call, call.principal, params.id);
    return null;
  },

  listTokens: async (call, { params, query }) => {
    const page = await listTokens(call, call.principal, params.id, query);
    return { items: page.items.map(tokenOf), nextCursor: page.nextCursor };
  },
  createToken: (call, { params, body }) => createToken(call, call.principal, params.id, body),
  removeToken: async (call, { params }) => {
    await removeToken(call, call.principal, params.id);
    return null;
  },
};
