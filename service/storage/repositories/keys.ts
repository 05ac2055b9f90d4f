import type { Kysely, Selectable } from 'kysely';
import type { Key } from '#shared/domain/entities';
import { isoTime, isoTimeOrNull } from '../../runtime/clock';
import type { KeySecretsTable, KeysTable, Schema } from '../schema';
import { pageBy, type Page, type PageRequest } from './page';

export type KeyRow = Selectable<KeysTable>;
export type KeySecretRow = Selectable<KeySecretsTable>;

export function keyOf(row: KeyRow): Key {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    status: row.status,
    reportOnly: row.report_only === 1,
    createdAt: isoTime(row.created_at),
    lastUsedAt: isoTimeOrNull(row.last_used_at),
    rotatedAt: isoTimeOrNull(row.rotated_at),
  };
}

export function keysRepository(db: Kysely<Schema>) {
  return {
    /** Keys and secrets of all accounts, for the start. */
    all: (): Promise<KeyRow[]> => db.selectFrom('keys').selectAll().execute(),
    allSecrets: (): Promise<KeySecretRow[]> => db.selectFrom('key_secrets').selectAll().execute(),

    get: (accountId: string, keyId: string): Promise<KeyRow | undefined> =>
      db
        .selectFrom('keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', '=', keyId)
        .executeTakeFirst(),

    page: (accountId: string, request: PageRequest): Promise<Page<KeyRow>> =>
      pageBy(request, (after, limit) => {
        let query = db.selectFrom('keys').selectAll().where('account_id', '=', accountId);
        if (after !== undefined) query = query.where('id', '>', after);
        return query.orderBy('id').limit(limit).execute();
      }),

    insert: async (row: KeyRow): Promise<void> => {
      await db.insertInto('keys').values(row).execute();
    },

    insertSecret: async (row: KeySecretRow): Promise<void> => {
      await db.insertInto('key_secrets').values(row).execute();
    },

    /** Ends the key's current secrets at `validUntil`, unless they end earlier. */
    endSecrets: async (accountId: string, keyId: string, validUntil: number): Promise<void> => {
      await db
        .updateTable('key_secrets')
        .set({ valid_until: validUntil })
        .where('account_id', '=', accountId)
        .where('key_id', '=', keyId)
        .where((eb) => eb.or([eb('valid_until', 'is', null), eb('valid_until', '>', validUntil)]))
        .execute();
    },

    secretsOf: (accountId: string, keyId: string): Promise<KeySecretRow[]> =>
      db
        .selectFrom('key_secrets')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('key_id', '=', keyId)
        .execute(),

    update: async (
      accountId: string,
      keyId: string,
      changes: Partial<Pick<KeyRow, 'status' | 'prefix' | 'rotated_at' | 'report_only'>>,
      seq: number,
    ): Promise<KeyRow> =>
      db
        .updateTable('keys')
        .set({ ...changes, changed_seq: seq })
        .where('account_id', '=', accountId)
        .where('id', '=', keyId)
        .returningAll()
        .executeTakeFirstOrThrow(),
  };
}
