import type { Change } from '#shared/api/contract';
import type { Account } from '#shared/domain/entities';
import type { FeedHub } from '../storage/feed-hub';
import type { AccountRow } from '../storage/repositories/accounts';
import { attemptOf } from '../storage/repositories/attempts';
import { auditEventOf } from '../storage/repositories/audit';
import type { FeedRow } from '../storage/repositories/feed';
import { keyOf } from '../storage/repositories/keys';
import { rangeOf } from '../storage/repositories/ranges';
import { reviewOf } from '../storage/repositories/reviews';
import { sourceOf } from '../storage/repositories/sources';
import type { Repositories, Storage } from '../storage/storage';
import { usableCursor, type Cursor, type Position } from './cursor';

/** Changes in one page. */
const PAGE_LIMIT = 500;
/** Attempts and audit events in a snapshot. Older ones are read as pages. */
const SNAPSHOT_ATTEMPTS = 10_000;
const SNAPSHOT_AUDIT = 1_000;

/** Returns the account as the reader may see it. */
export type AccountOf = (row: AccountRow) => Account;

/** A change whose entity is the same for every reader. */
type CommonRow = Exclude<FeedRow, { kind: 'account' }>;

function changeOf(feedRow: CommonRow): Change {
  switch (feedRow.kind) {
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

function accountChange(account: Account): Change {
  return { kind: 'account', op: 'upsert', id: account.id, value: account };
}

/** A page of the change feed, the same for all readers with one cursor, but for the account as each of them sees it. */
export class FeedPage {
  readonly reset: boolean;
  readonly more: boolean;
  readonly whole: { readonly attempts: boolean; readonly audit: boolean };
  /** The position of the next page. */
  readonly next: Position;
  readonly #rows: readonly FeedRow[];
  #texts: readonly (string | AccountRow)[] | undefined;

  constructor(page: Pick<FeedPage, 'reset' | 'more' | 'whole' | 'next'>, rows: readonly FeedRow[]) {
    this.reset = page.reset;
    this.more = page.more;
    this.whole = page.whole;
    this.next = page.next;
    this.#rows = rows;
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** Returns the changes as a JSON array. All but those of the account are written once. */
  changesText(accountOf: AccountOf): string {
    this.#texts ??= this.#rows.map((row) =>
      row.kind === 'account' ? row.row : JSON.stringify(changeOf(row)),
    );
    const texts = this.#texts.map((text) =>
      typeof text === 'string' ? text : JSON.stringify(accountChange(accountOf(text))),
    );
    return `[${texts.join(',')}]`;
  }
}

async function readFeedPage(
  tx: Repositories,
  accountId: string,
  told: Cursor | undefined,
): Promise<FeedPage> {
  const epoch = await tx.epochs.current();
  const { seq: head } = await tx.accounts.get(accountId);
  const cursor = await usableCursor(tx, accountId, told, { epoch, head });
  const reset = cursor === undefined;
  const [, since, attemptFloor, auditFloor, startedAt] = cursor ?? [epoch, 0, 0, 0, head];
  const floors = reset
    ? await tx.feed.snapshotFloors(accountId, SNAPSHOT_ATTEMPTS, SNAPSHOT_AUDIT)
    : { attempts: attemptFloor, audit: auditFloor };
  const rows = await tx.feed.since(accountId, since, floors, PAGE_LIMIT + 1);
  const page = rows.slice(0, PAGE_LIMIT);
  const last = page.at(-1)?.seq ?? since;
  return new FeedPage(
    {
      reset,
      more: rows.length > PAGE_LIMIT,
      whole: { attempts: floors.attempts === 0, audit: floors.audit === 0 },
      next: [epoch, last, floors.attempts, floors.audit, startedAt, head],
    },
    page,
  );
}

export type PageReader = (accountId: string, cursor: Cursor | undefined) => Promise<FeedPage>;

/** Returns a reader that reads a page once for all who ask for it between two changes of the feed. */
export function createPageReader({
  storage,
  hub,
}: {
  readonly storage: Storage;
  readonly hub: Pick<FeedHub, 'version'>;
}): PageReader {
  const underWay = new Map<string, Promise<FeedPage>>();
  return (accountId, cursor) => {
    // A read that began before the latest change may lack it.
    const key = JSON.stringify([accountId, hub.version(accountId), cursor?.slice(0, -1)]);
    const known = underWay.get(key);
    if (known !== undefined) return known;
    // All reads see one moment, because a write between two of them would be skipped for ever.
    const page = storage.snapshot((tx) => readFeedPage(tx, accountId, cursor));
    underWay.set(key, page);
    const forget = (): void => void underWay.delete(key);
    page.then(forget, forget);
    return page;
  };
}
