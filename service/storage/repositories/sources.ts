import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { sentencesSchema } from '#shared/domain/sentence';
import type { Source, SourceStatus } from '#shared/domain/source';
import { isoTimeOrNull, isoTime } from '../../runtime/clock';
import type { Schema, SourcesTable } from '../schema';
import { pageBy, type Page, type PageRequest } from './page';
import type { RangeRow } from './ranges';

export type SourceRow = Selectable<SourcesTable>;

/** Returns the last error in words, which a version before this one has not written. */
function wordsOf(state: string): Source['lastErrorWords'] {
  return z.object({ lastErrorWords: sentencesSchema }).parse(JSON.parse(state)).lastErrorWords;
}

export function sourceOf(row: SourceRow): Source {
  return {
    id: row.id,
    kind: row.kind,
    spec: JSON.parse(row.spec) as Source['spec'],
    effect: row.effect,
    keyId: row.key_id,
    label: row.label,
    intervalSeconds: row.interval_seconds,
    rangeExpiresAt: isoTimeOrNull(row.range_expires_at),
    allowWide: row.allow_wide === 1,
    minSharePercent: row.min_share_percent,
    status: row.status,
    lastTriedAt: isoTimeOrNull(row.last_tried_at),
    lastOkAt: isoTimeOrNull(row.last_ok_at),
    lastError: row.last_error,
    ...(row.last_error !== null && { lastErrorWords: wordsOf(row.state) }),
    lastErrorCode: row.last_error_code,
    rangeCount: row.range_count,
    lastChange: row.last_change === null ? null : (JSON.parse(row.last_change) as Source['lastChange']),
    nextAt: isoTimeOrNull(row.next_at),
    createdAt: isoTime(row.created_at),
    createdBy: row.created_by,
    version: row.version,
  };
}

/** Columns that edits and refreshes change. */
export type SourceChanges = Partial<Omit<SourceRow, 'id' | 'account_id' | 'kind' | 'changed_seq'>>;

export function sourcesRepository(db: Kysely<Schema>) {
  const of = (accountId: string, sourceId: string) =>
    db.selectFrom('sources').selectAll().where('account_id', '=', accountId).where('id', '=', sourceId);
  const ranges = (sourceId: string, after: string, limit: number): Promise<RangeRow[]> =>
    db
      .selectFrom('ranges')
      .selectAll()
      .where('source_id', '=', sourceId)
      // Names the partial index for SQLite, which does not conclude it from the parameter.
      .where('source_id', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  return {
    /** Sources of all accounts that are looked up for each address, for the start. */
    lookedUp: (): Promise<SourceRow[]> =>
      db.selectFrom('sources').selectAll().where('kind', 'in', ['asn', 'country']).execute(),

    get: (accountId: string, sourceId: string): Promise<SourceRow | undefined> =>
      of(accountId, sourceId).executeTakeFirst(),

    count: async (accountId: string): Promise<number> => {
      const { count } = await db
        .selectFrom('sources')
        .select((eb) => eb.fn.countAll().as('count'))
        .where('account_id', '=', accountId)
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    /** Resolves with the number of sources of all accounts by status. */
    countByStatus: async (): Promise<ReadonlyMap<SourceStatus, number>> => {
      const rows = await db
        .selectFrom('sources')
        .select((eb) => ['status', eb.fn.countAll().as('count')])
        .groupBy('status')
        .execute();
      return new Map(rows.map(({ status, count }) => [status, Number(count)]));
    },

    page: (accountId: string, request: PageRequest): Promise<Page<SourceRow>> =>
      pageBy(request, (after, limit) => {
        let query = db.selectFrom('sources').selectAll().where('account_id', '=', accountId);
        if (after !== undefined) query = query.where('id', '>', after);
        return query.orderBy('id').limit(limit).execute();
      }),

    insert: async (row: SourceRow): Promise<void> => {
      await db.insertInto('sources').values(row).execute();
    },

    update: (accountId: string, sourceId: string, changes: SourceChanges, seq: number): Promise<SourceRow> =>
      db
        .updateTable('sources')
        .set({ ...changes, changed_seq: seq })
        .where('account_id', '=', accountId)
        .where('id', '=', sourceId)
        .returningAll()
        .executeTakeFirstOrThrow(),

    delete: async (accountId: string, sourceId: string): Promise<void> => {
      await db.deleteFrom('sources').where('account_id', '=', accountId).where('id', '=', sourceId).execute();
    },

    /** Resolves with the time at which the next source is due; undefined if none ever is. */
    nextDueAt: async (): Promise<number | undefined> => {
      const row = await db
        .selectFrom('sources')
        .select('next_at')
        .where('next_at', 'is not', null)
        .orderBy('next_at')
        .limit(1)
        .executeTakeFirst();
      return row?.next_at ?? undefined;
    },

    /** Claims a due source for `leaseMs`. Resolves with undefined if none is due or another process was faster. */
    claim: async (now: number, lease: string, leaseMs: number): Promise<SourceRow | undefined> => {
      const due = await db
        .selectFrom('sources')
        .select('id')
        .where('next_at', '<=', now)
        .orderBy('next_at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      if (due === undefined) return undefined;
      return db
        .updateTable('sources')
        .set({ next_at: now + leaseMs, lease })
        .where('id', '=', due.id)
        .where('next_at', '<=', now)
        .returningAll()
        .executeTakeFirst();
    },

    /** Prolongs a claim. Resolves with false if it has passed to somebody else. */
    renew: async (sourceId: string, lease: string, until: number): Promise<boolean> => {
      const { numUpdatedRows } = await db
        .updateTable('sources')
        .set({ next_at: until })
        .where('id', '=', sourceId)
        .where('lease', '=', lease)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** Ends all claims. Only a process without others on the database may call it. */
    endLeases: async (now: number): Promise<void> => {
      await db
        .updateTable('sources')
        .set({ next_at: now, lease: null })
        .where('lease', 'is not', null)
        .execute();
    },

    /** Resolves with up to `limit` ranges of the source after the id `after`, in the order of their ids. */
    ranges,

    rangesPage: (sourceId: string, request: PageRequest): Promise<Page<RangeRow>> =>
      pageBy(request, (after = '', limit) => ranges(sourceId, after, limit)),
  };
}
