import { sql, type Kysely, type Selectable } from 'kysely';
import type { Effect, Range } from '#shared/domain/entities';
import { isoTime, isoTimeOrNull } from '../../runtime/clock';
import { compiledForRows, compiledOnce } from '../compiled-query';
import type { RangesTable, Schema } from '../schema';
import { containsPattern, pageBy, type Page, type PageRequest } from './page';

export type RangeRow = Selectable<RangesTable>;

export const rangeOf = (row: RangeRow): Range => ({
  id: row.id,
  cidr: row.cidr,
  effect: row.effect,
  label: row.label,
  source: row.source,
  keyId: row.key_id,
  createdAt: isoTime(row.created_at),
  createdBy: row.created_by,
  expiresAt: isoTimeOrNull(row.expires_at),
  version: row.version,
  lastUsedAt: isoTimeOrNull(row.last_used_at),
  uses: row.uses,
});

export interface RangeQuery extends PageRequest {
  readonly effect?: Effect | undefined;
  readonly q?: string | undefined;
  readonly keyId?: string | undefined;
}

interface RangeName {
  readonly accountId: string;
  readonly rangeId: string;
}

const get = compiledOnce((db, { accountId, rangeId }: RangeName) =>
  db.selectFrom('ranges').selectAll().where('account_id', '=', accountId).where('id', '=', rangeId),
);

const exists = compiledOnce((db, { rangeId }: { rangeId: string }) =>
  db.selectFrom('ranges').select('id').where('id', '=', rangeId),
);

interface RangeText {
  readonly accountId: string;
  readonly cidr: string;
  readonly effect: Effect;
}

const allSaying = (db: Kysely<Schema>, { accountId, cidr, effect }: RangeText) =>
  db
    .selectFrom('ranges')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('cidr', '=', cidr)
    .where('effect', '=', effect);

const sameForAllKeys = compiledOnce((db, text: RangeText) => allSaying(db, text).where('key_id', 'is', null));

const sameForKey = compiledOnce((db, text: RangeText & { readonly keyId: string }) =>
  allSaying(db, text).where('key_id', '=', text.keyId),
);

const insert = compiledForRows((db, rows: RangeRow[]) => db.insertInto('ranges').values(rows));

const remove = compiledOnce((db, { accountId, rangeId }: RangeName) =>
  db.deleteFrom('ranges').where('account_id', '=', accountId).where('id', '=', rangeId),
);

const ROWS_AT_ONCE = 2_000;

export const rangesRepository = (db: Kysely<Schema>) => ({
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

  get: async (accountId: string, rangeId: string): Promise<RangeRow | undefined> =>
    (await get(db, { accountId, rangeId })).rows[0],

  /** Resolves with true if any account has a range with this id. */
  exists: async (rangeId: string): Promise<boolean> => (await exists(db, { rangeId })).rows.length > 0,

  /** Resolves with the range of the same network, effect and key, expired or not. */
  same: async (
    accountId: string,
    cidr: string,
    effect: Effect,
    keyId: string | null,
  ): Promise<RangeRow | undefined> => {
    const text = { accountId, cidr, effect };
    const { rows } = await (keyId === null ? sameForAllKeys(db, text) : sameForKey(db, { ...text, keyId }));
    return rows[0];
  },

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
    await insert(db, [row]);
  },

  insertAll: async (rows: readonly RangeRow[]): Promise<void> => {
    await insert(db, rows);
  },

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

  delete: async (accountId: string, rangeId: string): Promise<void> => {
    await remove(db, { accountId, rangeId });
  },
});
