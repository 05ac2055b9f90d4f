import type { Evidence, Review } from '#shared/domain/entities';
import type { Settled } from '#shared/ipc/outbox';
import { parseCidr } from '#shared/ip/index';
import { hasSubnet, readScope, type ScopeReading } from '../../domain/answer';
import { type Answering, type Ending, notAnswering } from '../../stores/answers';
import type { Heard } from '../../stores/settled';
import { type AnswerDraft, emptyAnswerDraft } from '../../stores/ui';

/** The part of an answer that the next one starts with. A range of one's own is about one question only. */
export interface Choices {
  readonly scope: 'address' | 'subnet';
  readonly duration: AnswerDraft['duration'];
  readonly thisKeyOnly: boolean;
}

/** For how long an answer can be taken back where it was given. */
export const UNDO_MS = 10_000;

/** The edit that carries the answer, if it is one. */
export function operationOf(ending: Ending | null): string | null {
  if (ending === null || ending.kind === 'elsewhere') return null;
  if (ending.kind === 'here') return ending.operationId;
  return 'operationId' in ending.progress ? ending.progress.operationId : null;
}

/** The choices for a question: what was changed by hand, on top of where it starts. */
export function draftOf(review: Review, start: Choices, changes: Partial<AnswerDraft>): AnswerDraft {
  const scope = hasSubnet(review) ? start.scope : 'address';
  const draft = { ...emptyAnswerDraft, ...start, scope, ...changes };
  if (changes.duration !== undefined || draft.duration !== 'forever') return draft;
  // To let in a wide range for good takes a choice of its own.
  return isWiderThanSuggested(review, readScope(review, draft)) ? { ...draft, duration: 'day' } : draft;
}

/** Whether it is a range of one's own that lets in more than the subnet that the service suggests. */
export function isWiderThanSuggested(review: Review, reading: ScopeReading): boolean {
  if (reading.kind !== 'own') return false;
  const own = parseCidr(reading.text);
  const suggested = parseCidr(review.suggestedCidr);
  return own !== undefined && suggested !== undefined && own.prefixLength < suggested.prefixLength;
}

/** How one question stands with this window. */
export interface Answered {
  readonly answering: Answering;
  /** Null while the question is open. */
  readonly ending: Ending | null;
  /** What has become of the answer's edit. */
  readonly settled: Settled | null;
  /** The answer that can be taken back here, and until when (milliseconds since 1970). */
  readonly undo: { readonly operationId: string; readonly untilMs: number } | null;
}

/** `settled`: how the edits of this console ended, by their ids. */
export function answeredOf(
  review: Review,
  answering: Answering,
  settled: ReadonlyMap<string, Heard>,
): Answered {
  const own = settled.get(operationOf(answering.ending) ?? '') ?? null;
  const elsewhere = appliedAnswer(settled, review);
  const ending = endingOf(review, answering, own, elsewhere);
  const fate = ending?.kind === 'here' ? elsewhere : own;
  const operationId = operationOf(ending);
  const isFinal = answering.takenBack || fate?.outcome === 'parked' || fate?.outcome === 'undone';
  const beganAtMs = ending?.kind === 'here' ? (elsewhere?.heardAtMs ?? 0) : answering.endedAtMs;
  const undo = operationId === null || isFinal ? null : { operationId, untilMs: beganAtMs + UNDO_MS };
  return { answering, ending, settled: fate, undo };
}

/** Null also when the question is open again, because the answer was taken back in some window. */
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
  // Taking it back may have failed: then it is this answer that still stands.
  const stands = !reopened || (elsewhere !== null && elsewhere.id === operationOf(ending));
  if (ending !== null && stands) return ending;
  // While our own answer is on its way, the news of it may come before its acknowledgement.
  if (step !== null && step !== 'undo') return null;
  return elsewhere === null
    ? { kind: 'elsewhere', review }
    : { kind: 'here', review, operationId: elsewhere.id };
}

/** Whether it shows for the first time that the question is open again after an answer. */
export function isSeenOpenAgain(review: Review, { answering, ending }: Answered): boolean {
  if (review.status !== 'pending' || ending !== null) return false;
  return answering.takenBack || (answering.ending !== null && !answering.reopened);
}

/** The last edit of this console that answered the question and was applied, whichever window made it. */
function appliedAnswer(settled: ReadonlyMap<string, Heard>, review: Review): Heard | null {
  if (review.status !== 'authorized' && review.status !== 'denied') return null;
  let found: Heard | null = null;
  for (const heard of settled.values()) {
    if (heard.outcome !== 'applied' || heard.entity === null || !('evidence' in heard.entity)) continue;
    if (heard.entity.id === review.id) found = heard.entity.status === review.status ? heard : null;
  }
  return found;
}

/** The questions whose answer can still be taken back, the latest first. */
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

/** The questions to lay out: those on screen keep their places, new ones go on top, or wait while somebody is busy. */
export function arrange(
  shown: readonly Review[],
  pending: readonly Review[],
  hold: boolean,
): { readonly shown: readonly Review[]; readonly waiting: number } {
  const known = new Set(shown.map(({ id }) => id));
  const fresh = pending.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return { shown, waiting: 0 };
  // Cards that are answered already hold nothing up: nobody is about to press a button on them.
  const open = new Set(pending.map(({ id }) => id));
  if (hold && shown.some(({ id }) => open.has(id))) return { shown, waiting: fresh.length };
  return { shown: [...fresh, ...shown], waiting: 0 };
}

/** Evidence in the order of its weight, the most telling first; what weighs the same stays as the service gave it. */
export const byWeight = (evidence: readonly Evidence[]): readonly Evidence[] =>
  [...evidence].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
