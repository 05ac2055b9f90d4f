import { z } from 'zod';
import { userRoutes } from '../api/routes-users';
import { idSchema, tokenSchema, userSchema } from '../domain/entities';
import { accountCall, call, type CallGroup, nothing } from './call';

/** The people of the account and their access tokens. They are not in the mirror: the service has them, and answers at once. */
export const userCalls = {
  list: call(nothing, z.array(userSchema)),
  create: accountCall(userRoutes.createUser.body, userSchema),
  update: accountCall(z.strictObject({ userId: idSchema, changes: userRoutes.updateUser.body }), userSchema),
  remove: accountCall(z.strictObject({ userId: idSchema }), nothing),
  tokens: call(z.strictObject({ userId: idSchema }), z.array(tokenSchema)),
  createToken: accountCall(
    userRoutes.createToken.body.extend({ userId: idSchema }),
    userRoutes.createToken.response,
  ),
  removeToken: accountCall(z.strictObject({ tokenId: idSchema }), nothing),
} as const satisfies CallGroup;
