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
import type { FeedHub } from './hub';

/** Changes in one answer. */
const PAGE_LIMIT = 500;
/** How much of the log and of the audit trail a snapshot carries; older pages are asked for when they are looked at. */
const SNAPSHOT_ATTEMPTS = 10_000;
const SNAPSHOT_AUDIT = 1_000;

/**
 * Where a reader stands: database, place in the feed, the floors of the snapshot that it started from, and how far
 * the feed had come when it started.
 */
const cursorSchema = z.tuple([
  z.string(),
  z.int().min(0),
  z.int().min(0),
  z.int().min(0),
  z.int().min(0).default(0),
]);
type Cursor = z.infer<typeof cursorSchema>;

const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** A cursor from which on nothing after `seq` is missing. It is no snapshot's, so it leaves nothing out. */
export const cursorAt = (epoch: string, seq: number): string => encodeCursor([epoch, seq, 0, 0, 0]);

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
  /** The account as the reader may see it, from its row. */
  readonly accountOf: (row: AccountRow) => Account;
  readonly state: () => ServiceState;
}

const changeOf = (feedRow: FeedRow, accountOf: ChangesRequest['accountOf']): Change => {
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

/**
 * The reader's cursor, unless it has to start afresh: because the database is another one, or because a removal that
 * it has not read is no longer told. What was removed before it started was never in its snapshot.
 */
const usableCursor = async (
  epoch: string,
  { accountId, cursor }: ChangesRequest,
  tx: Repositories,
): Promise<Cursor | undefined> => {
  if (cursor === undefined || cursor[0] !== epoch) return undefined;
  const [, since, , , startedAt] = cursor;
  return Math.max(since, startedAt) < (await tx.retention.prunedSeq(accountId)) ? undefined : cursor;
};

/** Answers `GET /v1/changes`: a page of what changed, a snapshot's first page, or, after waiting, nothing new. */
export const readChanges = async (
  storage: Storage,
  hub: FeedHub,
  request: ChangesRequest,
): Promise<ChangesResponse> => {
  const { accountId, accountOf } = request;
  const seen = hub.version(accountId);
  const look = (): Promise<ChangesResponse> =>
    // One moment: between two separate reads a write could slip in and be skipped for ever.
    storage.snapshot(async (tx) => {
      const cursor = await usableCursor(storage.epoch, request, tx);
      const reset = cursor === undefined;
      const [, since, attemptFloor, auditFloor, startedAt] = cursor ?? [
        storage.epoch,
        0,
        0,
        0,
        (await tx.accounts.get(accountId)).seq,
      ];
      const floors = reset
        ? await tx.feed.snapshotFloors(accountId, SNAPSHOT_ATTEMPTS, SNAPSHOT_AUDIT)
        : { attempts: attemptFloor, audit: auditFloor };
      const rows = await tx.feed.since(accountId, since, floors, PAGE_LIMIT + 1);
      const page = rows.slice(0, PAGE_LIMIT);
      const last = page.at(-1)?.seq ?? since;
      return {
        cursor: encodeCursor([storage.epoch, last, floors.attempts, floors.audit, startedAt]),
        reset,
        changes: page.map((row) => changeOf(row, accountOf)),
        more: rows.length > PAGE_LIMIT,
        service: request.state(),
      };
    });
  const answer = await look();
  if (answer.reset || answer.changes.length > 0 || request.waitMs === 0) return answer;
  await hub.wait(accountId, seen, request.waitMs, request.signal);
  return look();
};
