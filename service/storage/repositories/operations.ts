import type { Kysely, Selectable } from 'kysely';
import { compiledOnce } from '../compiled-query';
import type { OperationsTable, Schema } from '../schema';

export type OperationRow = Selectable<OperationsTable>;

const insert = compiledOnce((db, row: OperationRow) => db.insertInto('operations').values(row));

const get = compiledOnce((db, { accountId, id }: { accountId: string; id: string }) =>
  db.selectFrom('operations').selectAll().where('account_id', '=', accountId).where('id', '=', id),
);

export const operationsRepository = (db: Kysely<Schema>) => ({
  get: async (accountId: string, id: string): Promise<OperationRow | undefined> =>
    (await get(db, { accountId, id })).rows[0],

  among: (accountId: string, ids: readonly string[]): Promise<OperationRow[]> =>
    db
      .selectFrom('operations')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('id', 'in', ids)
      .execute(),

  insert: async (row: OperationRow): Promise<void> => {
    await insert(db, row);
  },

  /** Deletes up to `limit` operations that were answered before `at`. Resolves with their number. */
  deleteBefore: async (at: number, limit: number): Promise<number> => {
    const old = db.selectFrom('operations').select(['account_id', 'id']).where('at', '<', at).limit(limit);
    const rows = await old.execute();
    for (const { account_id, id } of rows) {
      await db.deleteFrom('operations').where('account_id', '=', account_id).where('id', '=', id).execute();
    }
    return rows.length;
  },
});
