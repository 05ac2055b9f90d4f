import { z } from 'zod';
import type { Repositories, Storage } from '../storage/storage';

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
export type Cursor = z.infer<typeof cursorSchema>;

/** A cursor without the digest of what its reader was told of the service. */
export type Position = Cursor extends [...infer P, string] ? P : never;

export function encodeCursor(position: Position, digest: string): string {
  return Buffer.from(JSON.stringify([...position, digest])).toString('base64url');
}

/** Returns undefined if the text is no cursor of this service. */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Returns a cursor at the head of the feed, without a snapshot's floors. */
export function cursorOfNow(storage: Storage, accountId: string): Promise<string> {
  return storage.snapshot(async (tx) => {
    const { seq } = await tx.accounts.get(accountId);
    return encodeCursor([await tx.epochs.current(), seq, 0, 0, 0, seq], '');
  });
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
  tx: Repositories,
  accountId: string,
  [epoch, , , , , told]: Cursor,
  now: Now,
): Promise<boolean> {
  const end = epoch === now.epoch ? now.head : await tx.epochs.endOf(accountId, epoch);
  return end !== undefined && told <= end;
}

/**
 * Returns undefined if the reader needs a snapshot: the database has another history, or an unread removal is forgotten.
 * Removals from before the reader's snapshot do not matter.
 */
export async function usableCursor(
  tx: Repositories,
  accountId: string,
  cursor: Cursor | undefined,
  now: Now,
): Promise<Cursor | undefined> {
  if (cursor === undefined || !(await isOfThisHistory(tx, accountId, cursor, now))) return undefined;
  const [, since, , , startedAt] = cursor;
  return Math.max(since, startedAt) < (await tx.retention.prunedSeq(accountId)) ? undefined : cursor;
}
