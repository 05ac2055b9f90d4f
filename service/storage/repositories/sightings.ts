import { sql, type Kysely, type Selectable, type SelectQueryBuilder } from 'kysely';
import type { Schema, SightingsTable } from '../schema';
import { chunksOf } from './chunks';

export type SightingRow = Selectable<SightingsTable>;

export type SightingKey = Pick<SightingRow, 'account_id' | 'key_id' | 'range_id' | 'prefix' | 'agent'>;

function ofKey(db: Kysely<Schema>, accountId: string, keyId: string) {
  return db.selectFrom('sightings').where('account_id', '=', accountId).where('key_id', '=', keyId);
}

async function countRows(
  db: Kysely<Schema>,
  some: SelectQueryBuilder<Schema, 'sightings', object>,
): Promise<number> {
  const { count } = await db
    .selectFrom(some.as('some'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

export type SightingsRepository = ReturnType<typeof sightingsRepository>;

export function sightingsRepository(db: Kysely<Schema>) {
  return {
    /** Adds the uses of sightings that exist, with the region where it is known now. Resolves with their keys. */
    raise: async (rows: readonly SightingRow[]): Promise<SightingKey[]> => {
      const raised: SightingKey[] = [];
      for (const chunk of chunksOf(rows)) {
        // PostgreSQL cannot infer the types of parameters.
        const values = chunk.map(
          ({ account_id, key_id, range_id, prefix, agent, uses, last_at, region }) =>
            sql`(${account_id}, ${key_id}, ${range_id}, ${prefix}, ${agent}, CAST(${uses} AS bigint), CAST(${last_at} AS bigint), CAST(${region} AS text))`,
        );
        const query = sql<SightingKey>`
        UPDATE sightings SET uses = sightings.uses + v.column6, last_at = v.column7,
          region = COALESCE(v.column8, sightings.region)
        FROM (VALUES ${sql.join(values)}) AS v
        WHERE sightings.account_id = v.column1 AND sightings.key_id = v.column2 AND sightings.range_id = v.column3
          AND sightings.prefix = v.column4 AND sightings.agent = v.column5
        RETURNING account_id, key_id, range_id, prefix, agent`;
        raised.push(...(await query.execute(db)).rows);
      }
      return raised;
    },

    /** Resolves with the number of user agents of a key and range. */
    countAgents: ({ account_id, key_id, range_id }: SightingKey): Promise<number> =>
      countRows(db, ofKey(db, account_id, key_id).where('range_id', '=', range_id).select('agent')),

    /** Resolves with the number of sightings of a key, at most `limit`. */
    countOfKey: async (accountId: string, keyId: string, limit: number): Promise<number> => {
      const some = ofKey(db, accountId, keyId).select('range_id').limit(limit);
      return countRows(db, some);
    },

    /** Resolves with the number of ranges that let a key in, at most `limit`. */
    countRanges: async (accountId: string, keyId: string, limit: number): Promise<number> => {
      const some = ofKey(db, accountId, keyId).select('range_id').distinct().limit(limit);
      return countRows(db, some);
    },

    /** Adds sightings; for existing ones it adds their uses. */
    add: async (rows: readonly SightingRow[]): Promise<void> => {
      for (const chunk of chunksOf(rows)) {
        await db
          .insertInto('sightings')
          .values(chunk)
          .onConflict((conflict) =>
            conflict.columns(['account_id', 'key_id', 'range_id', 'prefix', 'agent']).doUpdateSet((eb) => ({
              uses: eb('sightings.uses', '+', eb.ref('excluded.uses')),
              last_at: eb.ref('excluded.last_at'),
              region: eb.fn.coalesce('excluded.region', 'sightings.region'),
            })),
          )
          .execute();
      }
    },

    /** Resolves with the newest `limit` sightings of a key through unexpired ranges that authorize. */
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
  };
}
