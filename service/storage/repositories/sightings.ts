import type { Kysely, Selectable } from 'kysely';
import type { Schema, SightingsTable } from '../schema';

export type SightingRow = Selectable<SightingsTable>;

type SightingKey = Pick<SightingRow, 'account_id' | 'key_id' | 'range_id' | 'prefix' | 'agent'>;

export type SightingsRepository = ReturnType<typeof sightingsRepository>;

export const sightingsRepository = (db: Kysely<Schema>) => ({
  /** Counts one more use of a sighting. Answers whether there was such a one. */
  raise: async (key: SightingKey, at: number): Promise<boolean> => {
    const { numUpdatedRows } = await db
      .updateTable('sightings')
      .set((eb) => ({ uses: eb('uses', '+', 1), last_at: at }))
      .where('account_id', '=', key.account_id)
      .where('key_id', '=', key.key_id)
      .where('range_id', '=', key.range_id)
      .where('prefix', '=', key.prefix)
      .where('agent', '=', key.agent)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  /** How many user agents are remembered for a key and range. */
  countAgents: async (accountId: string, keyId: string, rangeId: string): Promise<number> => {
    const { count } = await db
      .selectFrom('sightings')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('account_id', '=', accountId)
      .where('key_id', '=', keyId)
      .where('range_id', '=', rangeId)
      .executeTakeFirstOrThrow();
    return count;
  },

  /** Adds a sighting, or counts a use where it is there already. */
  add: async (row: SightingRow): Promise<void> => {
    await db
      .insertInto('sightings')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .columns(['account_id', 'key_id', 'range_id', 'prefix', 'agent'])
          .doUpdateSet((eb) => ({ uses: eb('sightings.uses', '+', 1), last_at: row.last_at })),
      )
      .execute();
  },

  /** The newest `limit` sightings of a key, through ranges that authorize and have not expired. */
  ofKey: (accountId: string, keyId: string, now: number, limit: number): Promise<SightingRow[]> =>
    db
      .selectFrom('sightings')
      .innerJoin('ranges', 'ranges.id', 'sightings.range_id')
      .selectAll('sightings')
      .where('sightings.account_id', '=', accountId)
      .where('sightings.key_id', '=', keyId)
      .where('ranges.effect', '=', 'authorize')
      .where((eb) => eb.or([eb('ranges.expires_at', 'is', null), eb('ranges.expires_at', '>', now)]))
      .orderBy('sightings.last_at', 'desc')
      .limit(limit)
      .execute(),
});
