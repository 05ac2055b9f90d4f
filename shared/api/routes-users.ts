import { z } from 'zod';
import {
  emailSchema,
  idSchema,
  permissionSchema,
  roleSchema,
  timeSchema,
  tokenSchema,
  userSchema,
} from '../domain/entities';
import { NAMES_NO_CHANGE } from './bodies';
import { idParams, nameSchema, pageOf, pageQuery, type RouteContract } from './route-contract';

export const MAX_USERS = 1_000;
export const MAX_TOKENS_PER_USER = 50;
/** For users who are no owners, because each token leaves events in the audit trail, which is kept for ever. */
export const MAX_TOKENS_MADE_PER_DAY = 100;

const permissionList = z.array(permissionSchema).max(permissionSchema.options.length);

export const userRoutes = {
  listUsers: {
    method: 'GET',
    path: '/v1/users',
    summary: 'Users of the account',
    access: 'read',
    query: z.strictObject(pageQuery),
    status: 200,
    response: pageOf(userSchema),
  },
  createUser: {
    method: 'POST',
    path: '/v1/users',
    summary: 'Add a user; a token of theirs is made on its own',
    access: 'owner',
    body: z.strictObject({
      email: emailSchema,
      role: roleSchema.default('user'),
      /** Owners have all permissions, whatever is listed here. */
      permissions: permissionList.default([]),
    }),
    status: 201,
    response: userSchema,
  },
  updateUser: {
    method: 'PATCH',
    path: '/v1/users/:id',
    summary: 'Change e-mail, role or permissions of a user',
    access: 'owner',
    params: idParams,
    body: z
      .strictObject({
        email: emailSchema.optional(),
        role: roleSchema.optional(),
        /** Owners have all permissions; a former owner has only those that are listed here. */
        permissions: permissionList.optional(),
      })
      .refine((changes) => Object.keys(changes).length > 0, NAMES_NO_CHANGE),
    status: 200,
    response: userSchema,
  },
  removeUser: {
    method: 'DELETE',
    path: '/v1/users/:id',
    summary: 'Remove a user and all of their tokens',
    access: 'owner',
    params: idParams,
    status: 204,
    response: z.null(),
  },
  listTokens: {
    method: 'GET',
    path: '/v1/users/:id/tokens',
    summary: "A user's access tokens, without their secrets; one's own, or anybody's for an owner",
    access: 'read',
    params: idParams,
    query: z.strictObject(pageQuery),
    status: 200,
    response: pageOf(tokenSchema),
  },
  createToken: {
    method: 'POST',
    path: '/v1/users/:id/tokens',
    summary: 'Make an access token; its secret is in this answer and nowhere else',
    access: 'read',
    params: idParams,
    body: z.strictObject({ name: nameSchema, expiresAt: timeSchema.nullable().default(null) }),
    status: 201,
    response: z.object({ token: tokenSchema, secret: z.string() }),
  },
  removeToken: {
    method: 'DELETE',
    path: '/v1/tokens/:id',
    summary: 'End an access token at once',
    access: 'read',
    params: z.strictObject({ id: idSchema }),
    status: 204,
    response: z.null(),
  },
} as const satisfies Record<string, RouteContract>;
