import type { Kysely } from 'kysely';
import type { Schema } from '../schema';

export function spoolsRepository(db: Kysely<Schema>) {
  return {
    /** Resolves with the number of the last entry of the spool that was delivered; 0 if none was. */
    delivered: async (spoolId: string): Promise<number> => {
      const row = await db
        .selectFrom('spools')
        .select('delivered')
        .where('id', '=', spoolId)
        .executeTakeFirst();
      return row?.delivered ?? 0;
    },

    setDelivered: async (spoolId: string, delivered: number): Promise<void> => {
      await db
        .insertInto('spools')
        .values({ id: spoolId, delivered })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ delivered }))
        .execute();
    },

    /** Resolves with the reviews of those rows that exist, by the row's id; null where the row has none. */
    reviewsOf: async (attemptIds: readonly string[]): Promise<ReadonlyMap<string, string | null>> => {
      if (attemptIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('attempts')
        .select(['id', 'review_id'])
        .where('id', 'in', attemptIds)
        .execute();
      return new Map(rows.map((row) => [row.id, row.review_id]));
    },
  };
}
