import { createHash } from 'node:crypto';
import type { ServiceState } from '#shared/domain/entities';
import type { FeedHub } from '../storage/feed-hub';
import { encodeCursor, type Cursor } from './cursor';
import type { AccountOf, FeedPage, PageReader } from './feed-page';

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

function digestOf(state: ServiceState): string {
  return createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 8);
}

/** Returns the text of a `ChangesResponse`. */
function answerOf(page: FeedPage, service: ServiceState, accountOf: AccountOf): string {
  const { next, reset, more, whole } = page;
  const cursor = encodeCursor(next, digestOf(service));
  const rest = JSON.stringify({ cursor, reset, more, whole, service });
  return `${rest.slice(0, -1)},"changes":${page.changesText(accountOf)}}`;
}

/** Answers `GET /v1/changes`: a page of changes, the first page of a snapshot, or nothing new after a wait. */
export async function readChanges(
  { hub, readPage }: { readonly hub: FeedHub; readonly readPage: PageReader },
  request: ChangesRequest,
): Promise<string> {
  const { accountId, cursor } = request;
  const seen = hub.version(accountId);
  const first = await readPage(accountId, cursor);
  const service = request.state();
  const isNews = first.reset || !first.isEmpty || cursor?.[6] !== digestOf(service);
  if (isNews || request.waitMs === 0) return answerOf(first, service, request.accountOf);
  await hub.wait(accountId, seen, request);
  const second = await readPage(accountId, cursor);
  // Asked after the read, so that a reader who lost access meanwhile is told nothing.
  const accountOf = await request.accountOfNow();
  return answerOf(second, request.state(), accountOf);
}
