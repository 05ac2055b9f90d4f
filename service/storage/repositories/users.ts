import type { Kysely, Selectable } from 'kysely';
import type { Schema, TokensTable, UsersTable } from '../schema';

export type UserRow = Selectable<UsersTable>;
export type TokenRow = Selectable<TokensTable>;

export type UsersRepository = ReturnType<typeof usersRepository>;

export const usersRepository = (db: Kysely<Schema>) => ({
  insert: async (user: UserRow): Promise<void> => {
    await db.insertInto('users').values(user).execute();
  },

  /** The first owner of the first account, if there is one. */
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

  deleteTokensNamed: async (userId: string, name: string): Promise<void> => {
    await db.deleteFrom('tokens').where('user_id', '=', userId).where('name', '=', name).execute();
  },

  /** The token with this hash and its user. */
  byTokenHash: async (hash: string): Promise<{ token: TokenRow; user: UserRow } | undefined> => {
    const token = await db.selectFrom('tokens').selectAll().where('hash', '=', hash).executeTakeFirst();
    if (token === undefined) return undefined;
    const user = await db
      .selectFrom('users')
      .selectAll()
      .where('id', '=', token.user_id)
      .executeTakeFirstOrThrow();
    return { token, user };
  },

  touchToken: async (tokenId: string, at: number): Promise<void> => {
    await db.updateTable('tokens').set({ last_used_at: at }).where('id', '=', tokenId).execute();
  },
});
