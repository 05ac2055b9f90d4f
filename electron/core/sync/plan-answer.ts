import { encodeTime } from 'ulid';
import type { Change, ChangesResponse } from '#shared/api/contract';
import type { Attempt, AuditEvent, Review } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { MINUTE_MS } from '#shared/durations';
import type { MirrorKind, MirrorValue } from '../store/mirror-rows';
import type { SyncState } from '../store/sync-state';
import { isOlder } from './entity-age';
import { type Draft, MIRROR_KINDS } from './tables';

/** The service at this URL now holds another account. */
export class OtherAccountError extends Error {
  override readonly name = 'OtherAccountError';
}

/** The number of answered reviews that are kept; all pending ones are. */
export const KEPT_ANSWERED_REVIEWS = 500;
/** Those answered this long before the latest are kept too, however many, because an answer to many can be taken back. */
const UNDO_SLACK_MS = MINUTE_MS;

/** The account of the store, and the entities that this console wrote during the poll, which are newer than its answer. */
export interface Own {
  readonly accountId: string;
  isWritten(kind: MirrorKind, id: string): boolean;
}

export interface AnswerPlan {
  readonly attempts: readonly Attempt[];
  readonly removedAttempts: readonly string[];
  readonly audit: readonly AuditEvent[];
  /** The ids from which a completed snapshot has all of log and trail, so that older generations are deleted there; else null. */
  readonly sweep: { readonly logFrom: string; readonly auditFrom: string } | null;
  readonly next: SyncState;
}

/**
 * Puts the changes of a feed answer into the draft and returns the rest. Pure but for the draft. A snapshot (`reset`) begins a
 * new generation. Rows of older generations stay until it is complete, so that no list flashes empty.
 *
 * @throws OtherAccountError if the answer is about another account than the store.
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
      // Events are never deleted.
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
    // A snapshot brings the newest rows of the log, so one without rows means that the log is empty.
    const { attempts: isWholeLog = false, audit: isWholeTrail = false } = answer.whole ?? {};
    completeFrom = isWholeLog ? '' : (completeFrom ?? '');
    auditFrom = isWholeTrail ? '' : (auditFrom ?? '');
    swept = { logFrom: completeFrom, auditFrom };
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
 * Returns the id from which a snapshot that begins with these rows is complete. It has the latest changes in order: a row that it
 * lacks last changed before its first one did, so it was also made before that.
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
    // After a restore, rows of an older generation may be newer than the service's and yet lost.
    put(draft, kind, change.value, generation);
  } else takeValue(draft, kind, change.value, generation);
}

function put<K extends MirrorKind>(draft: Draft, kind: K, value: MirrorValue<K>, generation: number): void {
  draft.put(kind, { value, generation });
}

/** Puts a value unless a newer one is known, which then counts as named in this generation. Returns true if the value was put. */
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

function answeredAt(review: Review): string {
  return review.decidedAt ?? review.lastAt;
}

/**
 * Services never delete reviews. The console deletes the oldest answered ones, with some slack so that it happens rarely. In a
 * crisis nearly all were answered lately, and nothing is sorted.
 */
function forgetOldReviews(draft: Draft): void {
  if (draft.changes('review').put.length === 0) return;
  const answered = [...draft.rows('review')].map((row) => row.value).filter((r) => r.status !== 'pending');
  if (answered.length <= KEPT_ANSWERED_REVIEWS + 50) return;
  const latest = answered.reduce((max, review) => (answeredAt(review) > max ? answeredAt(review) : max), '');
  const lately = new Date(Date.parse(latest) - UNDO_SLACK_MS).toISOString();
  const old = answered.filter((review) => answeredAt(review) < lately);
  const kept = Math.max(0, KEPT_ANSWERED_REVIEWS - (answered.length - old.length));
  old.sort((a, b) => (answeredAt(a) < answeredAt(b) ? 1 : -1));
  for (const { id } of old.slice(kept)) draft.remove('review', id);
}
