import type { Kysely, Selectable } from 'kysely';
import type { OperationsTable, Schema } from '../schema';
import { chunksOf } from './chunks';

export type OperationRow = Selectable<OperationsTable>;

export function operationsRepository(db: Kysely<Schema>) {
  return {
    among: (accountId: string, ids: readonly string[]): Promise<OperationRow[]> =>
      db
        .selectFrom('operations')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', 'in', ids)
        .execute(),

    insertAll: async (rows: readonly OperationRow[]): Promise<void> => {
      for (const chunk of chunksOf(rows)) await db.insertInto('operations').values(chunk).execute();
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
  };
}
