import { encodeTime } from 'ulid';
import type { Change, ChangesResponse } from '#shared/api/contract';
import type { Attempt, AuditEvent, Review } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import type { MirrorKind, MirrorValue } from '../store/mirror-rows';
import type { SyncState } from '../store/sync-state';
import { isOlder } from './entity-age';
import { type Draft, MIRROR_KINDS } from './tables';

/** The service at this URL has become another account's. */
export class OtherAccountError extends Error {
  override readonly name = 'OtherAccountError';
}

/** How many answered questions are kept; pending ones all are. */
export const KEPT_ANSWERED_REVIEWS = 500;

/** Whose data these are, and what this console wrote meanwhile: it is newer than an answer that was under way. */
export interface Own {
  readonly accountId: string;
  isWritten(kind: MirrorKind, id: string): boolean;
}

export interface AnswerPlan {
  readonly attempts: readonly Attempt[];
  readonly removedAttempts: readonly string[];
  readonly audit: readonly AuditEvent[];
  /** From these ids on log and trail are this snapshot's, and what an older one told is not part of them; null: nothing goes. */
  readonly sweep: { readonly logFrom: string; readonly auditFrom: string } | null;
  readonly next: SyncState;
}

/**
 * What an answer of the change feed does to the mirror: its changes go into the draft, the rest is told. Pure but for
 * the draft.
 *
 * A snapshot (`reset`) begins a new generation. Rows that it does not name stay until it is complete, so that no list is
 * empty in between, and are swept then.
 *
 * @throws OtherAccountError when the answer is about another account than the store.
 */
export function planAnswer(
  draft: Draft,
  state: SyncState,
  answer: ChangesResponse,
  own: Own,
  nowMs: number,
): AnswerPlan {
  const generation = answer.reset ? state.generation + 1 : state.generation;
  const inSnapshot = answer.reset || state.inSnapshot;
  const attempts: Attempt[] = [];
  const removedAttempts: string[] = [];
  const audit: AuditEvent[] = [];
  let completeFrom = answer.reset ? null : state.logCompleteFrom;
  let auditFrom = answer.reset ? null : state.auditCompleteFrom;
  let swept: AnswerPlan['sweep'] = null;

  for (const change of answer.changes) {
    if (change.kind === UNRECOGNISED) continue;
    if (change.kind === 'audit') {
      // What has happened is never taken back.
      if (change.op === 'upsert') audit.push(change.value);
      continue;
    }
    if (change.kind === 'attempt') {
      if (change.op === 'delete') removedAttempts.push(change.id);
      else attempts.push(change.value);
      continue;
    }
    if (change.kind === 'account' && change.id !== own.accountId) throw new OtherAccountError();
    take(draft, change, generation, own);
  }

  if (inSnapshot) {
    completeFrom ??= completeFromOf(attempts);
    for (const { id } of audit) if (auditFrom === null || id < auditFrom) auditFrom = id;
  }
  const completesSnapshot = inSnapshot && !answer.more;
  if (completesSnapshot) {
    sweep(draft, generation, own);
    // A snapshot brings the newest rows of the log. Without one there are none, and what follows is all of it.
    completeFrom ??= '';
    auditFrom ??= '';
    const { attempts: isWholeLog = false, audit: isWholeTrail = false } = answer.whole ?? {};
    swept = { logFrom: isWholeLog ? '' : completeFrom, auditFrom: isWholeTrail ? '' : auditFrom };
  }
  forgetOldReviews(draft);
  return {
    attempts,
    removedAttempts,
    audit,
    sweep: swept,
    next: {
      cursor: answer.cursor,
      generation,
      inSnapshot: inSnapshot && answer.more,
      lastSyncAt: answer.more ? state.lastSyncAt : nowMs,
      logCompleteFrom: completeFrom,
      auditCompleteFrom: auditFrom,
    },
  };
}

/** A row is in the feed at most this long after its last call. */
const FLUSH_SLACK_MS = 5_000;

/**
 * From which id on a snapshot that begins with these rows has all rows. It has the rows that changed last, in the order
 * of their changes: what it lacks changed before the first one did, and so has an id that was made before that.
 */
function completeFromOf(attempts: readonly Attempt[]): string | null {
  const [first] = attempts.toSorted((a, b) => a.seq - b.seq);
  if (first === undefined) return null;
  return encodeTime(Date.parse(first.lastAt) + FLUSH_SLACK_MS) + '0'.repeat(16);
}

type MirrorChange = Extract<Change, { kind: MirrorKind }>;

function take(draft: Draft, change: MirrorChange, generation: number, own: Own): void {
  const { kind, id } = change;
  if (change.op === 'delete') draft.remove(kind, id);
  else if ((draft.get(kind, id)?.generation ?? generation) < generation && !own.isWritten(kind, id)) {
    // What an older snapshot told may be newer and lost, when a backup was put back.
    put(draft, kind, change.value, generation);
  } else takeValue(draft, kind, change.value, generation);
}

const put = <K extends MirrorKind>(draft: Draft, kind: K, value: MirrorValue<K>, generation: number): void =>
  draft.put(kind, { value, generation });

/** Puts a value unless a newer one is known, which is then confirmed for this generation. Returns whether it was put. */
export function takeValue<K extends MirrorKind>(
  draft: Draft,
  kind: K,
  value: MirrorValue<K>,
  generation: number,
): boolean {
  const known = draft.get(kind, value.id);
  const isTaken = known === undefined || !isOlder(kind, value, known.value);
  put(draft, kind, isTaken ? value : known.value, generation);
  return isTaken;
}

function sweep(draft: Draft, generation: number, own: Own): void {
  for (const kind of MIRROR_KINDS) {
    if (kind === 'account') continue;
    for (const row of [...draft.rows(kind)]) {
      if (row.generation >= generation) continue;
      if (own.isWritten(kind, row.value.id)) draft.put(kind, { ...row, generation });
      else draft.remove(kind, row.value.id);
    }
  }
}

const answeredAt = (review: Review): string => review.decidedAt ?? review.lastAt;

/** Services never delete a question; here the oldest answered ones are, with some slack so that it happens rarely. */
function forgetOldReviews(draft: Draft): void {
  if (draft.changes('review').put.length === 0) return;
  const answered = [...draft.rows('review')].map((row) => row.value).filter((r) => r.status !== 'pending');
  if (answered.length <= KEPT_ANSWERED_REVIEWS + 50) return;
  answered.sort((a, b) => (answeredAt(a) < answeredAt(b) ? 1 : -1));
  for (const review of answered.slice(KEPT_ANSWERED_REVIEWS)) draft.remove('review', review.id);
}
