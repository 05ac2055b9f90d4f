import { sql, type Kysely, type Selectable } from 'kysely';
import type { KeyFingerprintsTable, Schema } from '../schema';
import { chunksOf } from './chunks';

export type FingerprintRow = Selectable<KeyFingerprintsTable>;

export type FingerprintKey = Pick<FingerprintRow, 'key_id' | 'fingerprint' | 'range_id'>;

/** The times of a key's calls with one fingerprint. */
export interface FingerprintUse {
  readonly firstAt: number;
  readonly lastAt: number;
}

export type FingerprintsRepository = ReturnType<typeof fingerprintsRepository>;

export function fingerprintsRepository(db: Kysely<Schema>) {
  return {
    /** Raises the last time of fingerprints that are stored. Resolves with their keys. */
    raise: async (rows: readonly FingerprintRow[]): Promise<FingerprintKey[]> => {
      const raised: FingerprintKey[] = [];
      for (const chunk of chunksOf(rows)) {
        // PostgreSQL cannot infer the types of parameters.
        const values = chunk.map(
          ({ key_id, fingerprint, range_id, last_at }) =>
            sql`(${key_id}, ${fingerprint}, ${range_id}, CAST(${last_at} AS bigint))`,
        );
        const query = sql<FingerprintKey>`
        UPDATE key_fingerprints SET last_at = v.column4 FROM (VALUES ${sql.join(values)}) AS v
        WHERE key_fingerprints.key_id = v.column1 AND key_fingerprints.fingerprint = v.column2
          AND key_fingerprints.range_id = v.column3
        RETURNING key_id, fingerprint, range_id`;
        raised.push(...(await query.execute(db)).rows);
      }
      return raised;
    },

    /** Resolves with the number of fingerprints of a key, or of a key and range, at most `limit`. */
    count: async (keyId: string, rangeId: string | undefined, limit: number): Promise<number> => {
      let some = db.selectFrom('key_fingerprints').select('range_id').where('key_id', '=', keyId);
      if (rangeId !== undefined) some = some.where('range_id', '=', rangeId);
      return (await some.limit(limit).execute()).length;
    },

    add: async (rows: readonly FingerprintRow[]): Promise<void> => {
      for (const chunk of chunksOf(rows)) await db.insertInto('key_fingerprints').values(chunk).execute();
    },

    /** Resolves with the uses of a key with a fingerprint through unexpired ranges that authorize; undefined if there are none. */
    usesOf: (keyId: string, fingerprint: string, now: number): Promise<FingerprintUse | undefined> =>
      db
        .selectFrom('key_fingerprints')
        .innerJoin('ranges', 'ranges.id', 'key_fingerprints.range_id')
        .select((eb) => [
          eb.fn.min('key_fingerprints.first_at').as('firstAt'),
          eb.fn.max('key_fingerprints.last_at').as('lastAt'),
        ])
        .where('key_fingerprints.key_id', '=', keyId)
        .where('key_fingerprints.fingerprint', '=', fingerprint)
        .where('ranges.effect', '=', 'authorize')
        .where((eb) => eb.or([eb('ranges.expires_at', 'is', null), eb('ranges.expires_at', '>', now)]))
        .groupBy('key_fingerprints.key_id')
        .executeTakeFirst(),
  };
}
