import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Change, ChangesResponse } from '#shared/api/contract';
import type { Account, ServiceState } from '#shared/domain/entities';
import { attemptOf } from '../storage/repositories/attempts';
import { auditEventOf } from '../storage/repositories/audit';
import type { FeedRow } from '../storage/repositories/feed';
import { keyOf } from '../storage/repositories/keys';
import { rangeOf } from '../storage/repositories/ranges';
import { reviewOf } from '../storage/repositories/reviews';
import type { AccountRow } from '../storage/repositories/accounts';
import type { Repositories, Storage } from '../storage/storage';
import type { FeedHub } from '../storage/feed-hub';

/** Changes in one answer. */
const PAGE_LIMIT = 500;
/** How much of the log and of the audit trail a snapshot carries; older pages are asked for when they are looked at. */
const SNAPSHOT_ATTEMPTS = 10_000;
const SNAPSHOT_AUDIT = 1_000;

/**
 * Where a reader stands: epoch, place in the feed, the floors of the snapshot that it started from, how far the feed had
 * come when it started, how far when it was given this cursor, and the digest of the service's state that it was told.
 * Those of earlier versions lack what comes last, and are of no epoch that is known.
 */
const cursorSchema = z.tuple([
  z.string(),
  z.int().min(0),
  z.int().min(0),
  z.int().min(0),
  z.int().min(0).default(0),
  z.int().min(0).default(0),
  z.string().default(''),
]);
type Cursor = z.infer<typeof cursorSchema>;

const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** A cursor from which on nothing that is not there now is missing. It is no snapshot's, so it leaves nothing out. */
export const cursorOfNow = (storage: Storage, accountId: string): Promise<string> =>
  storage.snapshot(async (tx) => {
    const { seq } = await tx.accounts.get(accountId);
    return encodeCursor([await tx.epochs.current(), seq, 0, 0, 0, seq, '']);
  });

/** The cursor in the text, or undefined when it is none of ours. */
export const decodeCursor = (text: string): Cursor | undefined => {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
};

export interface ChangesRequest {
  readonly accountId: string;
  readonly cursor: Cursor | undefined;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Who waits, as far as their number is bounded. */
  readonly readerId: string;
  readonly accountOf: AccountOf;
  /** Asked after a wait, before anything is told. Throws where the reader may not read any more. */
  readonly accountOfNow: () => Promise<AccountOf>;
  readonly state: () => ServiceState;
}

/** The account as the reader may see it, from its row. */
type AccountOf = (row: AccountRow) => Account;

const changeOf = (feedRow: FeedRow, accountOf: AccountOf): Change => {
  switch (feedRow.kind) {
    case 'account':
      return { kind: 'account', op: 'upsert', id: feedRow.row.id, value: accountOf(feedRow.row) };
    case 'range':
      return { kind: 'range', op: 'upsert', id: feedRow.row.id, value: rangeOf(feedRow.row) };
    case 'review':
      return { kind: 'review', op: 'upsert', id: feedRow.row.id, value: reviewOf(feedRow.row) };
    case 'key':
      return { kind: 'key', op: 'upsert', id: feedRow.row.id, value: keyOf(feedRow.row) };
    case 'attempt':
      return { kind: 'attempt', op: 'upsert', id: feedRow.row.id, value: attemptOf(feedRow.row) };
    case 'audit':
      return { kind: 'audit', op: 'upsert', id: feedRow.row.id, value: auditEventOf(feedRow.row) };
    case 'tombstone':
      // Only ranges are ever removed; keys are revoked and reviews decided.
      return { kind: 'range', op: 'delete', id: feedRow.row.entity_id, value: null };
  }
};

/** Where the feed is when it is read. */
interface Now {
  readonly epoch: string;
  readonly head: number;
}

/**
 * Whether everything that the reader was told is part of this database's history. What it was told reaches beyond its
 * place: a page lacks the rows that had moved on by then, and a copy may have them in their old places. A copy that was
 * made before knows either nothing of the cursor's epoch, or that it ended sooner.
 */
const isOfThisHistory = async (
  [epoch, , , , , told]: Cursor,
  now: Now,
  accountId: string,
  tx: Repositories,
): Promise<boolean> => {
  const end = epoch === now.epoch ? now.head : await tx.epochs.endOf(accountId, epoch);
  return end !== undefined && told <= end;
};

/**
 * The reader's cursor, unless it has to start afresh: because the database has another history, or because a removal
 * that it has not read is no longer told. What was removed before it started was never in its snapshot.
 */
const usableCursor = async (
  { accountId, cursor }: ChangesRequest,
  now: Now,
  tx: Repositories,
): Promise<Cursor | undefined> => {
  if (cursor === undefined || !(await isOfThisHistory(cursor, now, accountId, tx))) return undefined;
  const [, since, , , startedAt] = cursor;
  return Math.max(since, startedAt) < (await tx.retention.prunedSeq(accountId)) ? undefined : cursor;
};

const digestOf = (state: ServiceState): string =>
  createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 8);

/** Answers `GET /v1/changes`: a page of what changed, a snapshot's first page, or, after waiting, nothing new. */
export const readChanges = async (
  storage: Storage,
  hub: FeedHub,
  request: ChangesRequest,
): Promise<ChangesResponse> => {
  const { accountId } = request;
  const seen = hub.version(accountId);
  const look = () =>
    // One moment: between two separate reads a write could slip in and be skipped for ever.
    storage.snapshot(async (tx) => {
      const epoch = await tx.epochs.current();
      const { seq: head } = await tx.accounts.get(accountId);
      const cursor = await usableCursor(request, { epoch, head }, tx);
      const reset = cursor === undefined;
      const [, since, attemptFloor, auditFloor, startedAt] = cursor ?? [epoch, 0, 0, 0, head];
      const floors = reset
        ? await tx.feed.snapshotFloors(accountId, SNAPSHOT_ATTEMPTS, SNAPSHOT_AUDIT)
        : { attempts: attemptFloor, audit: auditFloor };
      const rows = await tx.feed.since(accountId, since, floors, PAGE_LIMIT + 1);
      const page = rows.slice(0, PAGE_LIMIT);
      const last = page.at(-1)?.seq ?? since;
      const service = request.state();
      const digest = digestOf(service);
      return {
        cursor: encodeCursor([epoch, last, floors.attempts, floors.audit, startedAt, head, digest]),
        reset,
        page,
        more: rows.length > PAGE_LIMIT,
        whole: { attempts: floors.attempts === 0, audit: floors.audit === 0 },
        service,
        isStateNews: cursor?.[6] !== digest,
      };
    });
  const answerOf = (
    { page, isStateNews: _told, ...answer }: Awaited<ReturnType<typeof look>>,
    accountOf: AccountOf,
  ): ChangesResponse => ({ ...answer, changes: page.map((row) => changeOf(row, accountOf)) });

  const first = await look();
  const isNews = first.reset || first.page.length > 0 || first.isStateNews;
  if (isNews || request.waitMs === 0) return answerOf(first, request.accountOf);
  await hub.wait(accountId, seen, request);
  const second = await look();
  // After the look: whoever was shut out before it is told nothing of what it found.
  return answerOf(second, await request.accountOfNow());
};
