import type { Review } from '#shared/domain/entities';
import type { Settled } from '#shared/ipc/outbox';
import { parseCidr } from '#shared/ip/index';
import { hasSubnet, readScope, type ScopeReading } from '../../domain/answer';
import { type Answering, type Ending, notAnswering } from '../../stores/answers';
import { UNDO_MS } from '../../stores/batch';
import type { Heard } from '../../stores/settled';
import { type AnswerDraft, emptyAnswerDraft } from '../../stores/ui';

/** The part of an answer that the next one starts with. A custom range concerns one review only. */
export interface Choices {
  readonly scope: 'address' | 'subnet';
  readonly duration: AnswerDraft['duration'];
  readonly thisKeyOnly: boolean;
}

/** Returns the id of the operation that carries the answer, or null. */
export function operationOf(ending: Ending | null): string | null {
  if (ending === null || ending.kind === 'elsewhere' || ending.kind === 'together') return null;
  if (ending.kind === 'here') return ending.operationId;
  return 'operationId' in ending.progress ? ending.progress.operationId : null;
}

/** Applies the choices made by hand on top of the initial ones. */
export function draftOf(review: Review, start: Choices, changes: Partial<AnswerDraft>): AnswerDraft {
  const scope = hasSubnet(review) ? start.scope : 'address';
  const draft = { ...emptyAnswerDraft, ...start, scope, ...changes };
  if (changes.duration !== undefined || draft.duration !== 'forever') return draft;
  // A wide range is authorized forever only if a person chose that.
  return isWiderThanSuggested(review, readScope(review, draft)) ? { ...draft, duration: 'day' } : draft;
}

/** Returns true for a custom range that is wider than the subnet that the service suggests. */
export function isWiderThanSuggested(review: Review, reading: ScopeReading): boolean {
  if (reading.kind !== 'own') return false;
  const own = parseCidr(reading.text);
  const suggested = parseCidr(review.suggestedCidr);
  return own !== undefined && suggested !== undefined && own.prefixLength < suggested.prefixLength;
}

/** State of one review in this window. */
export interface Answered {
  readonly answering: Answering;
  /** Null while the review is pending. */
  readonly ending: Ending | null;
  /** Outcome of the answer's operation; null until it is settled. */
  readonly settled: Settled | null;
  /**
   * The answer that can be taken back here, and the deadline in milliseconds since the epoch. Operations of many answers have
   * no known id.
   */
  readonly undo: { readonly operationId: string | null; readonly untilMs: number } | null;
}

/** `settled` has the outcomes of this console's operations by their ids. */
export function answeredOf(
  review: Review,
  answering: Answering,
  settled: ReadonlyMap<string, Heard>,
): Answered {
  const own = settled.get(operationOf(answering.ending) ?? '') ?? null;
  const elsewhere = appliedAnswer(settled, review);
  const ending = endingOf(review, answering, own, elsewhere);
  const outcome = ending?.kind === 'here' || ending?.kind === 'together' ? elsewhere : own;
  const operationId = operationOf(ending);
  const isFinal = answering.takenBack || outcome?.outcome === 'undecided' || outcome?.outcome === 'undone';
  const beganAtMs = ending?.kind === 'here' ? (elsewhere?.heardAtMs ?? 0) : answering.endedAtMs;
  const isOwn = operationId !== null || ending?.kind === 'together';
  const undo = !isOwn || isFinal ? null : { operationId, untilMs: beganAtMs + UNDO_MS };
  return { answering, ending, settled: outcome, undo };
}

/** Returns null also if the review is pending again because some window took the answer back. */
function endingOf(
  review: Review,
  { ending, step, takenBack, reopened, version }: Answering,
  settled: Settled | null,
  elsewhere: Heard | null,
): Ending | null {
  if (review.status === 'pending') {
    const isOpenAgain = reopened || takenBack || settled?.outcome === 'undone' || review.version > version;
    return isOpenAgain ? null : ending;
  }
  // Taking the answer back may have failed; then this answer still holds.
  const stands =
    ending?.kind === 'together'
      ? !reopened && review.status === (ending.answer === 'deny' ? 'denied' : 'authorized')
      : !reopened || (elsewhere !== null && elsewhere.id === operationOf(ending));
  if (ending !== null && stands) return ending;
  // While our own answer is being sent, the change may arrive before its acknowledgement.
  if (step !== null && step !== 'undo') return null;
  return elsewhere === null
    ? { kind: 'elsewhere', review }
    : { kind: 'here', review, operationId: elsewhere.id };
}

/** Returns true if the review is seen pending for the first time after an answer. */
export function isSeenOpenAgain(review: Review, { answering, ending }: Answered): boolean {
  if (review.status !== 'pending' || ending !== null) return false;
  return answering.takenBack || (answering.ending !== null && !answering.reopened);
}

/** The last applied operation on each review by state of the outcomes, because every answered review looks its own up. */
const appliedOn = new WeakMap<ReadonlyMap<string, Heard>, ReadonlyMap<string, Heard>>();

function appliedByReview(settled: ReadonlyMap<string, Heard>): ReadonlyMap<string, Heard> {
  const known = appliedOn.get(settled);
  if (known !== undefined) return known;
  const applied = new Map<string, Heard>();
  for (const heard of settled.values()) {
    if (heard.outcome !== 'applied' || heard.entity === null || !('evidence' in heard.entity)) continue;
    applied.set(heard.entity.id, heard);
  }
  appliedOn.set(settled, applied);
  return applied;
}

/** Returns the last operation of this console that answered the review and was applied, from any window. */
function appliedAnswer(settled: ReadonlyMap<string, Heard>, review: Review): Heard | null {
  if (review.status !== 'authorized' && review.status !== 'denied') return null;
  const heard = appliedByReview(settled).get(review.id);
  if (heard?.outcome !== 'applied' || heard.entity === null || !('evidence' in heard.entity)) return null;
  return heard.entity.status === review.status ? heard : null;
}

/** Returns the reviews whose answer can still be taken back, the latest first. */
export function answeredLately(
  reviews: ReadonlyMap<string, Review>,
  answers: ReadonlyMap<string, Answering>,
  settled: ReadonlyMap<string, Heard>,
  nowMs: number,
): readonly Review[] {
  const found = [...reviews.values()].flatMap((review) => {
    if (review.status === 'pending') return [];
    const { undo } = answeredOf(review, answers.get(review.id) ?? notAnswering, settled);
    return undo !== null && undo.untilMs > nowMs ? [{ review, untilMs: undo.untilMs }] : [];
  });
  return found.sort((a, b) => b.untilMs - a.untilMs).map(({ review }) => review);
}

/** Arranges the rows: those on screen keep their order; new ones go on top, or wait while somebody is busy. */
export function arrange(
  shown: readonly Review[],
  pending: readonly Review[],
  hold: boolean,
): { readonly shown: readonly Review[]; readonly waiting: number } {
  const known = new Set(shown.map(({ id }) => id));
  const fresh = pending.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return { shown, waiting: 0 };
  // Answered rows hold nothing back, because nobody is about to answer them.
  const open = new Set(pending.map(({ id }) => id));
  if (hold && shown.some(({ id }) => open.has(id))) return { shown, waiting: fresh.length };
  return { shown: [...fresh, ...shown], waiting: 0 };
}
