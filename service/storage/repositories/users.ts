import { sql, type Kysely, type Selectable } from 'kysely';
import { z } from 'zod';
import { type Permission, permissionSchema, type Token, type User } from '#shared/domain/entities';
import { isoTime, isoTimeOrNull } from '../../runtime/clock';
import type { Schema, TokensTable, UsersTable } from '../schema';
import { pageBy, type Page, type PageRequest } from './page';

export type UserRow = Selectable<UsersTable>;
export type TokenRow = Selectable<TokensTable>;

/** A stored token with its user. */
export interface FoundToken {
  readonly token: TokenRow;
  readonly user: UserRow;
}

const permissionList = z.array(permissionSchema);

export function permissionsOf(row: UserRow): readonly Permission[] {
  return permissionList.parse(JSON.parse(row.permissions));
}

export function userOf(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    permissions: [...permissionsOf(row)],
    createdAt: isoTime(row.created_at),
  };
}

export function tokenOf(row: TokenRow): Token {
  return {
    id: row.id,
    name: row.name,
    createdAt: isoTime(row.created_at),
    expiresAt: isoTimeOrNull(row.expires_at),
    lastUsedAt: isoTimeOrNull(row.last_used_at),
  };
}

export function usersRepository(db: Kysely<Schema>) {
  return {
    insert: async (user: UserRow): Promise<void> => {
      await db.insertInto('users').values(user).execute();
    },

    get: (accountId: string, userId: string): Promise<UserRow | undefined> =>
      db
        .selectFrom('users')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', '=', userId)
        .executeTakeFirst(),

    /** Ignores the case of the address. */
    byEmail: (accountId: string, email: string): Promise<UserRow | undefined> =>
      db
        .selectFrom('users')
        .selectAll()
        .where('account_id', '=', accountId)
        .where(sql<boolean>`lower(email) = ${email.toLowerCase()}`)
        .executeTakeFirst(),

    page: (accountId: string, request: PageRequest): Promise<Page<UserRow>> =>
      pageBy(request, (after, limit) => {
        let query = db.selectFrom('users').selectAll().where('account_id', '=', accountId);
        if (after !== undefined) query = query.where('id', '>', after);
        return query.orderBy('id').limit(limit).execute();
      }),

    count: async (accountId: string, role?: UserRow['role']): Promise<number> => {
      let query = db
        .selectFrom('users')
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .where('account_id', '=', accountId);
      if (role !== undefined) query = query.where('role', '=', role);
      return Number((await query.executeTakeFirstOrThrow()).count);
    },

    update: (
      accountId: string,
      userId: string,
      changes: Pick<UserRow, 'email' | 'role' | 'permissions'>,
    ): Promise<UserRow> =>
      db
        .updateTable('users')
        .set(changes)
        .where('account_id', '=', accountId)
        .where('id', '=', userId)
        .returningAll()
        .executeTakeFirstOrThrow(),

    /** Removes the user and their tokens. */
    delete: async (accountId: string, userId: string): Promise<void> => {
      await db
        .deleteFrom('tokens')
        .where('account_id', '=', accountId)
        .where('user_id', '=', userId)
        .execute();
      await db.deleteFrom('users').where('account_id', '=', accountId).where('id', '=', userId).execute();
    },

    /** Resolves with the first owner of the first account. */
    firstOwner: (): Promise<UserRow | undefined> =>
      db
        .selectFrom('users')
        .selectAll()
        .where('role', '=', 'owner')
        .orderBy('created_at')
        .orderBy('id')
        .executeTakeFirst(),

    insertToken: async (token: TokenRow): Promise<void> => {
      await db.insertInto('tokens').values(token).execute();
    },

    getToken: (accountId: string, tokenId: string): Promise<TokenRow | undefined> =>
      db
        .selectFrom('tokens')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', '=', tokenId)
        .executeTakeFirst(),

    tokenPage: (accountId: string, userId: string, request: PageRequest): Promise<Page<TokenRow>> =>
      pageBy(request, (after, limit) => {
        let query = db
          .selectFrom('tokens')
          .selectAll()
          .where('account_id', '=', accountId)
          .where('user_id', '=', userId);
        if (after !== undefined) query = query.where('id', '>', after);
        return query.orderBy('id').limit(limit).execute();
      }),

    countTokens: async (accountId: string, userId: string): Promise<number> => {
      const { count } = await db
        .selectFrom('tokens')
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .where('account_id', '=', accountId)
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    deleteToken: async (accountId: string, tokenId: string): Promise<void> => {
      await db.deleteFrom('tokens').where('account_id', '=', accountId).where('id', '=', tokenId).execute();
    },

    deleteTokensNamed: async (userId: string, name: string): Promise<void> => {
      await db.deleteFrom('tokens').where('user_id', '=', userId).where('name', '=', name).execute();
    },

    byTokenHashes: async (hashes: readonly string[]): Promise<ReadonlyMap<string, FoundToken>> => {
      const tokens = await db.selectFrom('tokens').selectAll().where('hash', 'in', hashes).execute();
      if (tokens.length === 0) return new Map();
      const userIds = [...new Set(tokens.map((token) => token.user_id))];
      const users = await db.selectFrom('users').selectAll().where('id', 'in', userIds).execute();
      const found = new Map<string, FoundToken>();
      for (const token of tokens) {
        const user = users.find(({ id }) => id === token.user_id);
        // The user was removed between the two reads, and the token with it.
        if (user !== undefined) found.set(token.hash, { token, user });
      }
      return found;
    },

    touchToken: async (tokenId: string, at: number): Promise<void> => {
      await db.updateTable('tokens').set({ last_used_at: at }).where('id', '=', tokenId).execute();
    },
  };
}
