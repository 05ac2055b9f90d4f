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
import { sourceOf } from '../storage/repositories/sources';
import type { AccountRow } from '../storage/repositories/accounts';
import type { Repositories, Storage } from '../storage/storage';
import type { FeedHub } from '../storage/feed-hub';

/** Changes in one answer. */
const PAGE_LIMIT = 500;
/** Attempts and audit events in a snapshot. Older ones are read as pages. */
const SNAPSHOT_ATTEMPTS = 10_000;
const SNAPSHOT_AUDIT = 1_000;

/**
 * Epoch, sequence number, the snapshot's two floors, head of the feed at the snapshot, head at this answer, and digest of the
 * service's state. Cursors of earlier versions lack the last fields; their epoch is unknown, so they are of no use.
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

function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Returns a cursor at the head of the feed, without a snapshot's floors. */
export function cursorOfNow(storage: Storage, accountId: string): Promise<string> {
  return storage.snapshot(async (tx) => {
    const { seq } = await tx.accounts.get(accountId);
    return encodeCursor([await tx.epochs.current(), seq, 0, 0, 0, seq, '']);
  });
}

/** Returns undefined if the text is no cursor of this service. */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

interface ChangesRequest {
  readonly accountId: string;
  readonly cursor: Cursor | undefined;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Bounds the number of waiting calls. */
  readonly readerId: string;
  readonly accountOf: AccountOf;
  /** Called after a wait, before anything is told. Rejects if the reader may not read any more. */
  readonly accountOfNow: () => Promise<AccountOf>;
  readonly state: () => ServiceState;
}

/** Returns the account as the reader may see it. */
type AccountOf = (row: AccountRow) => Account;

function changeOf(feedRow: FeedRow, accountOf: AccountOf): Change {
  switch (feedRow.kind) {
    case 'account':
      return { kind: 'account', op: 'upsert', id: feedRow.row.id, value: accountOf(feedRow.row) };
    case 'range':
      return { kind: 'range', op: 'upsert', id: feedRow.row.id, value: rangeOf(feedRow.row) };
    case 'review':
      return { kind: 'review', op: 'upsert', id: feedRow.row.id, value: reviewOf(feedRow.row) };
    case 'key':
      return { kind: 'key', op: 'upsert', id: feedRow.row.id, value: keyOf(feedRow.row) };
    case 'source':
      return { kind: 'source', op: 'upsert', id: feedRow.row.id, value: sourceOf(feedRow.row) };
    case 'attempt':
      return { kind: 'attempt', op: 'upsert', id: feedRow.row.id, value: attemptOf(feedRow.row) };
    case 'audit':
      return { kind: 'audit', op: 'upsert', id: feedRow.row.id, value: auditEventOf(feedRow.row) };
    case 'tombstone':
      // Only ranges and sources are ever removed; keys are revoked and reviews decided.
      return {
        kind: feedRow.row.kind === 'source' ? 'source' : 'range',
        op: 'delete',
        id: feedRow.row.entity_id,
        value: null,
      };
  }
}

/** Epoch and head of the feed at the time of the read. */
interface Now {
  readonly epoch: string;
  readonly head: number;
}

/**
 * Returns true if everything that the reader was told is in this database's history. The head that it was told counts, not
 * its own sequence number: pages leave out rows that moved on, and a restored copy may have them at their old numbers. A
 * restored copy either does not know the epoch, or knows that it ended sooner.
 */
async function isOfThisHistory(
  [epoch, , , , , told]: Cursor,
  now: Now,
  accountId: string,
  tx: Repositories,
): Promise<boolean> {
  const end = epoch === now.epoch ? now.head : await tx.epochs.endOf(accountId, epoch);
  return end !== undefined && told <= end;
}

/**
 * Returns undefined if the reader needs a snapshot: the database has another history, or an unread removal is forgotten.
 * Removals from before the reader's snapshot do not matter.
 */
async function usableCursor(
  { accountId, cursor }: ChangesRequest,
  now: Now,
  tx: Repositories,
): Promise<Cursor | undefined> {
  if (cursor === undefined || !(await isOfThisHistory(cursor, now, accountId, tx))) return undefined;
  const [, since, , , startedAt] = cursor;
  return Math.max(since, startedAt) < (await tx.retention.prunedSeq(accountId)) ? undefined : cursor;
}

function digestOf(state: ServiceState): string {
  return createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 8);
}

/** Answers `GET /v1/changes`: a page of changes, the first page of a snapshot, or nothing new after a wait. */
export async function readChanges(
  storage: Storage,
  hub: FeedHub,
  request: ChangesRequest,
): Promise<ChangesResponse> {
  const { accountId } = request;
  const seen = hub.version(accountId);
  const readNow = () =>
    // All reads see one moment, because a write between two of them would be skipped for ever.
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
    { page, isStateNews: _told, ...answer }: Awaited<ReturnType<typeof readNow>>,
    accountOf: AccountOf,
  ): ChangesResponse => ({ ...answer, changes: page.map((row) => changeOf(row, accountOf)) });

  const first = await readNow();
  const isNews = first.reset || first.page.length > 0 || first.isStateNews;
  if (isNews || request.waitMs === 0) return answerOf(first, request.accountOf);
  await hub.wait(accountId, seen, request);
  const second = await readNow();
  // Asked after the read, so that a reader who lost access meanwhile is told nothing.
  return answerOf(second, await request.accountOfNow());
}
