import { sql, type Kysely, type Selectable } from 'kysely';
import type { Effect, Range } from '#shared/domain/entities';
import { isoTime, isoTimeOrNull } from '../../runtime/clock';
import type { RangesTable, Schema } from '../schema';
import { chunksOf } from './chunks';
import { containsPattern, pageBy, type Page, type PageRequest } from './page';

export type RangeRow = Selectable<RangesTable>;

export function rangeOf(row: RangeRow): Range {
  return {
    id: row.id,
    cidr: row.cidr,
    effect: row.effect,
    label: row.label,
    source: row.source,
    sourceId: row.source_id,
    keyId: row.key_id,
    createdAt: isoTime(row.created_at),
    createdBy: row.created_by,
    expiresAt: isoTimeOrNull(row.expires_at),
    version: row.version,
    lastUsedAt: isoTimeOrNull(row.last_used_at),
    uses: row.uses,
  };
}

export interface RangeQuery extends PageRequest {
  readonly effect?: Effect | undefined;
  readonly q?: string | undefined;
  readonly keyId?: string | undefined;
}

const ROWS_AT_ONCE = 2_000;

export function rangesRepository(db: Kysely<Schema>) {
  return {
    /** Yields the ranges of all accounts in batches, so that not all rows are in memory beside the policy. */
    all: async function* (): AsyncGenerator<RangeRow, void, undefined> {
      let last = '';
      for (let isComplete = false; !isComplete;) {
        const query = db.selectFrom('ranges').selectAll().where('id', '>', last).orderBy('id');
        const rows = await query.limit(ROWS_AT_ONCE).execute();
        yield* rows;
        last = rows.at(-1)?.id ?? last;
        isComplete = rows.length < ROWS_AT_ONCE;
      }
    },

    get: (accountId: string, rangeId: string): Promise<RangeRow | undefined> =>
      db
        .selectFrom('ranges')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', '=', rangeId)
        .executeTakeFirst(),

    /** Resolves with those of the ranges that are there, in no particular order. */
    some: (accountId: string, rangeIds: readonly string[]): Promise<RangeRow[]> =>
      rangeIds.length === 0
        ? Promise.resolve([])
        : db
            .selectFrom('ranges')
            .selectAll()
            .where('account_id', '=', accountId)
            .where('id', 'in', rangeIds)
            .execute(),

    /** Resolves with true if any account has a range with this id. */
    exists: async (rangeId: string): Promise<boolean> =>
      (await db.selectFrom('ranges').select('id').where('id', '=', rangeId).execute()).length > 0,

    /** Resolves with the range of the same network, effect and key that no source keeps, expired or not. */
    same: (
      accountId: string,
      cidr: string,
      effect: Effect,
      keyId: string | null,
    ): Promise<RangeRow | undefined> =>
      db
        .selectFrom('ranges')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('cidr', '=', cidr)
        .where('effect', '=', effect)
        .where('key_id', keyId === null ? 'is' : '=', keyId)
        .where('source_id', 'is', null)
        .executeTakeFirst(),

    page: (accountId: string, request: RangeQuery): Promise<Page<RangeRow>> =>
      pageBy(request, (after, limit) => {
        let query = db.selectFrom('ranges').selectAll().where('account_id', '=', accountId);
        if (after !== undefined) query = query.where('id', '>', after);
        if (request.effect !== undefined) query = query.where('effect', '=', request.effect);
        if (request.keyId !== undefined) query = query.where('key_id', '=', request.keyId);
        if (request.q !== undefined && request.q !== '') {
          const pattern = containsPattern(request.q.toLowerCase());
          query = query.where(
            sql<boolean>`(lower(cidr) LIKE ${pattern} ESCAPE '\\' OR lower(label) LIKE ${pattern} ESCAPE '\\')`,
          );
        }
        return query.orderBy('id').limit(limit).execute();
      }),

    insert: async (row: RangeRow): Promise<void> => {
      await db.insertInto('ranges').values(row).execute();
    },

    insertAll: async (rows: readonly RangeRow[]): Promise<void> => {
      for (const chunk of chunksOf(rows)) await db.insertInto('ranges').values(chunk).execute();
    },

    /** Remembers which ranges an import of this name added. */
    nameAll: async (accountId: string, name: string, rangeIds: readonly string[]): Promise<void> => {
      for (const chunk of chunksOf(rangeIds.map((range_id) => ({ range_id, account_id: accountId, name })))) {
        await db.insertInto('imported_ranges').values(chunk).execute();
      }
    },

    /** Resolves with the ranges that imports of this name added and that are still there. */
    named: (accountId: string, name: string): Promise<RangeRow[]> =>
      db
        .selectFrom('imported_ranges')
        .innerJoin('ranges', 'ranges.id', 'imported_ranges.range_id')
        .selectAll('ranges')
        .where('imported_ranges.account_id', '=', accountId)
        .where('imported_ranges.name', '=', name)
        .orderBy('ranges.id')
        .execute(),

    update: (
      accountId: string,
      rangeId: string,
      changes: Partial<Pick<RangeRow, 'label' | 'effect' | 'key_id' | 'expires_at'>>,
      seq: number,
    ): Promise<RangeRow> =>
      db
        .updateTable('ranges')
        .set((eb) => ({ ...changes, version: eb('version', '+', 1), changed_seq: seq }))
        .where('account_id', '=', accountId)
        .where('id', '=', rangeId)
        .returningAll()
        .executeTakeFirstOrThrow(),

    /** Gives ranges of a source their new state, each with its own sequence number. PostgreSQL needs the casts. */
    updateAll: async (rows: readonly RangeRow[]): Promise<void> => {
      for (const chunk of chunksOf(rows)) {
        const values = chunk.map(
          (row) =>
            sql`(${row.id}, ${row.effect}, ${row.label}, CAST(${row.key_id} AS text), CAST(${row.expires_at} AS bigint), CAST(${row.version} AS integer), CAST(${row.changed_seq} AS bigint))`,
        );
        await sql`UPDATE ranges SET effect = v.column2, label = v.column3, key_id = v.column4, expires_at = v.column5,
          version = v.column6, changed_seq = v.column7 FROM (VALUES ${sql.join(values)}) AS v WHERE ranges.id = v.column1`.execute(
          db,
        );
      }
    },

    deleteAll: async (accountId: string, rangeIds: readonly string[]): Promise<void> => {
      for (const chunk of chunksOf(rangeIds)) {
        await db.deleteFrom('ranges').where('account_id', '=', accountId).where('id', 'in', chunk).execute();
      }
    },

    delete: async (accountId: string, rangeId: string): Promise<void> => {
      await db.deleteFrom('ranges').where('account_id', '=', accountId).where('id', '=', rangeId).execute();
    },
  };
}
