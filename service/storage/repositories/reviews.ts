import { sql, type Kysely, type Selectable, type UpdateObject } from 'kysely';
import { z } from 'zod';
import {
  evidenceSchema,
  reviewCallerSchema,
  type Review,
  type ReviewCaller,
  type ReviewStatus,
} from '#shared/domain/entities';
import { proposalSchema } from '#shared/domain/proposal';
import { isoTime, isoTimeOrNull } from '../../runtime/clock';
import type { ReviewsTable, Schema } from '../schema';
import { chunksOf } from './chunks';
import { pageBy, type Page, type PageRequest } from './page';

export type ReviewRow = Selectable<ReviewsTable>;

/** A review with the current name of its key. */
export type NamedReviewRow = ReviewRow & { readonly key_name: string };

const evidenceList = z.array(evidenceSchema);
const callerList = z.array(reviewCallerSchema);

export function callersOf({ callers }: Pick<ReviewRow, 'callers'>): ReviewCaller[] {
  return callerList.parse(JSON.parse(callers));
}

export function reviewOf(row: NamedReviewRow): Review {
  return {
    id: row.id,
    ip: row.ip,
    addressCount: row.address_count,
    callers: callersOf(row),
    keyId: row.key_id,
    keyName: row.key_name,
    status: row.status,
    reason: row.reason,
    firstAt: isoTime(row.first_at),
    lastAt: isoTime(row.last_at),
    count: row.count,
    score: row.score,
    evidence: evidenceList.parse(JSON.parse(row.evidence)),
    suggestedCidr: row.suggested_cidr,
    proposal: row.proposal === null ? null : proposalSchema.parse(JSON.parse(row.proposal)),
    country: row.country,
    region: row.region,
    asn: row.asn,
    asName: row.as_name,
    decidedBy: row.decided_by,
    decidedAt: isoTimeOrNull(row.decided_at),
    note: row.note,
    rangeId: row.range_id,
    version: row.version,
  };
}

export interface ReviewDecision {
  readonly status: ReviewStatus;
  readonly decidedBy: string;
  readonly decidedAt: number;
  readonly note?: string | null;
  readonly rangeId: string | null;
  /** True if the decision added the range. */
  readonly madeRange?: boolean;
  /** Id of the review whose answer caused the decision. */
  readonly settledBy?: string | null;
}

/** Selects addresses of a key. */
export interface AddressQuery {
  /** Milliseconds since the epoch; the review began at or after it. */
  readonly since: number;
  readonly limit: number;
}

/** An address with the beginnings of its first and its newest review. */
export type UnansweredRow = Pick<ReviewRow, 'ip_sort' | 'country' | 'asn' | 'first_at'> & {
  readonly newest_at: number;
};

export type ReviewsRepository = ReturnType<typeof reviewsRepository>;

export function namedReviews(db: Kysely<Schema>) {
  return db
    .selectFrom('reviews')
    .innerJoin('keys', 'keys.id', 'reviews.key_id')
    .selectAll('reviews')
    .select('keys.name as key_name');
}

const NEXT_VERSION = sql<number>`version + 1`;

export function reviewsRepository(db: Kysely<Schema>) {
  const update = async (
    accountId: string,
    reviewId: string,
    changes: UpdateObject<Schema, 'reviews'>,
  ): Promise<void> => {
    await db
      .updateTable('reviews')
      .set(changes)
      .where('account_id', '=', accountId)
      .where('id', '=', reviewId)
      .execute();
  };
  return {
    get: (accountId: string, reviewId: string): Promise<NamedReviewRow | undefined> =>
      namedReviews(db)
        .where('reviews.account_id', '=', accountId)
        .where('reviews.id', '=', reviewId)
        .executeTakeFirst(),

    /** Active reviews of all accounts. */
    allActive: (): Promise<ReviewRow[]> =>
      db.selectFrom('reviews').selectAll().where('active', '=', 1).execute(),

    page: (
      accountId: string,
      request: PageRequest & { status?: ReviewStatus | undefined },
    ): Promise<Page<NamedReviewRow>> =>
      pageBy(request, (before, limit) => {
        let query = namedReviews(db).where('reviews.account_id', '=', accountId);
        if (before !== undefined) query = query.where('reviews.id', '<', before);
        if (request.status !== undefined) query = query.where('reviews.status', '=', request.status);
        return query.orderBy('reviews.id', 'desc').limit(limit).execute();
      }),

    /** Resolves with the active denials in a span of `ip_sort`, both ends inclusive. */
    deniedWithin: (accountId: string, span: { first: string; last: string }): Promise<ReviewRow[]> =>
      db
        .selectFrom('reviews')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('ip_sort', '>=', span.first)
        .where('ip_sort', '<=', span.last)
        .where('status', '=', 'denied')
        .where('active', '=', 1)
        .limit(100)
        .execute(),

    /** Resolves with true if the key's overflow review had a call since `since`. */
    isOverflowing: async (accountId: string, keyId: string, since: number): Promise<boolean> => {
      const overflow = await db
        .selectFrom('reviews')
        .select('id')
        .where('account_id', '=', accountId)
        .where('key_id', '=', keyId)
        .where('overflow', '=', 1)
        .where('status', '=', 'pending')
        .where('last_at', '>=', since)
        .limit(1)
        .executeTakeFirst();
      return overflow !== undefined;
    },

    /** Resolves with the key's reviewed addresses that nobody has authorized, the latest first. */
    unansweredSince: (
      accountId: string,
      keyId: string,
      { since, limit }: AddressQuery,
    ): Promise<UnansweredRow[]> =>
      db
        .selectFrom('reviews')
        .select((eb) => [
          'ip_sort',
          'country',
          'asn',
          eb.fn.min('first_at').as('first_at'),
          eb.fn.max('first_at').as('newest_at'),
        ])
        .where('account_id', '=', accountId)
        .where('key_id', '=', keyId)
        .where('first_at', '>=', since)
        .where('status', 'in', ['pending', 'denied', 'expired'])
        .groupBy(['ip_sort', 'country', 'asn'])
        .orderBy('newest_at', 'desc')
        .orderBy('ip_sort')
        .limit(limit)
        .execute(),

    callers: async (reviewIds: readonly string[]): Promise<Pick<ReviewRow, 'id' | 'ip' | 'callers'>[]> => {
      const rows: Pick<ReviewRow, 'id' | 'ip' | 'callers'>[] = [];
      for (const chunk of chunksOf(reviewIds)) {
        const some = db.selectFrom('reviews').select(['id', 'ip', 'callers']).where('id', 'in', chunk);
        rows.push(...(await some.execute()));
      }
      return rows;
    },

    insertAll: async (rows: readonly ReviewRow[]): Promise<void> => {
      for (const chunk of chunksOf(rows)) await db.insertInto('reviews').values(chunk).execute();
    },

    decide: (accountId: string, reviewId: string, decision: ReviewDecision, seq: number): Promise<void> =>
      update(accountId, reviewId, {
        status: decision.status,
        decided_by: decision.decidedBy,
        decided_at: decision.decidedAt,
        note: decision.note ?? null,
        range_id: decision.rangeId,
        made_range: decision.madeRange === true ? 1 : 0,
        settled_by: decision.settledBy ?? null,
        // Further calls count towards a denial and open no new review.
        active: decision.status === 'denied' ? 1 : 0,
        version: NEXT_VERSION,
        changed_seq: seq,
      }),

    reopen: (accountId: string, reviewId: string, seq: number): Promise<void> =>
      update(accountId, reviewId, {
        status: 'pending',
        decided_by: null,
        decided_at: null,
        note: null,
        range_id: null,
        made_range: 0,
        settled_by: null,
        active: 1,
        version: NEXT_VERSION,
        changed_seq: seq,
      }),

    /**
     * Ends a denial that a newer range overrules; its decision stays. `settledBy` is the review whose answer added the range,
     * or null. Other processes learn of it by the new sequence number.
     */
    endDenial: (accountId: string, reviewId: string, settledBy: string | null, seq: number): Promise<void> =>
      update(accountId, reviewId, { active: 0, settled_by: settledBy, changed_seq: seq }),

    /** Lets an ended denial stand again. */
    restoreDenial: (accountId: string, reviewId: string, seq: number): Promise<void> =>
      update(accountId, reviewId, { active: 1, settled_by: null, changed_seq: seq }),

    /** Resolves with true if a later review of another address in the span was denied, even if the denial has ended since. */
    wasDeniedLater: async (
      { account_id: accountId, key_id: keyId, id, ip }: ReviewRow,
      span: { first: string; last: string },
    ): Promise<boolean> => {
      const later = await db
        .selectFrom('reviews')
        .select('id')
        .where('account_id', '=', accountId)
        .where('ip_sort', '>=', span.first)
        .where('ip_sort', '<=', span.last)
        .where('key_id', '=', keyId)
        .where('ip', '!=', ip)
        .where('status', '=', 'denied')
        .where('id', '>', id)
        .limit(1)
        .executeTakeFirst();
      return later !== undefined;
    },

    /** Resolves with the reviews that the answer to a review superseded, and the denials that it ended. */
    settledBy: (accountId: string, reviewId: string): Promise<ReviewRow[]> =>
      db
        .selectFrom('reviews')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('settled_by', '=', reviewId)
        .orderBy('id')
        .execute(),

    /** Detaches reviews from the answer that settled them, so that a later answer does not bring them back. */
    settleForGood: async (accountId: string, reviewId: string): Promise<void> => {
      await db
        .updateTable('reviews')
        .set({ settled_by: null })
        .where('account_id', '=', accountId)
        .where('settled_by', '=', reviewId)
        .execute();
    },
  };
}
