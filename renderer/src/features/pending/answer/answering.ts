import type { Review } from '#shared/domain/entities';
import type { Failure } from '#shared/ipc/failure';
import { bridge } from '../../../bridge/bridge';
import { settle } from '../../../bridge/call';
import { authorizeRequest, noteOf } from '../../../domain/answer';
import {
  type AnswerStep,
  answeringOf,
  type Ending,
  notAnswering,
  setAnswering,
} from '../../../stores/answers';
import { type AnswerDraft, useUi } from '../../../stores/ui';
import { rememberChoices } from './remembered-choices';

/**
 * What can be done about a question, each once at a time: while something is on its way nothing else begins. They resolve
 * with whether it was done; how it went is in the store of answers, for every card and window part that shows it.
 */

/** Claims the question. In the store at once, because a second press can come before the first one is rendered. */
function begin(reviewId: string, step: AnswerStep): boolean {
  if (answeringOf(reviewId).step !== null) return false;
  setAnswering(reviewId, { step, failure: null });
  return true;
}

/** Lets the address in as the draft says; these choices are where the next question starts. */
export async function authorizeReview(review: Review, draft: AnswerDraft): Promise<boolean> {
  if (!begin(review.id, 'authorize')) return false;
  const outcome = await settle(() => bridge().calls.reviews.authorize(authorizeRequest(review, draft)));
  if (!outcome.ok) return fail(review.id, outcome.failure);
  rememberChoices(review, draft);
  const { range, operationId, review: answered } = outcome.value;
  return end(review.id, answered.version, { kind: 'authorized', range, progress: { operationId } });
}

/** Keeps the address out; with `rotateKey` the key gets a new secret at once, which is then shown once. */
export async function denyReview(
  review: Review,
  draft: Pick<AnswerDraft, 'addDenyRange' | 'note'>,
  rotateKey = false,
): Promise<boolean> {
  if (!begin(review.id, rotateKey ? 'deny-and-update' : 'deny')) return false;
  const { addDenyRange } = draft;
  const outcome = await settle(() =>
    bridge().calls.reviews.deny({ reviewId: review.id, rotateKey, addDenyRange, ...noteOf(draft) }),
  );
  if (!outcome.ok) return fail(review.id, outcome.failure);
  const { value } = outcome;
  const denied = { kind: 'denied', keptOut: addDenyRange } as const;
  if (value.kind === 'queued') {
    const { operationId } = value;
    return end(review.id, value.review.version, { ...denied, keyUpdated: false, progress: { operationId } });
  }
  const { secret, enforcedAt } = value;
  if (secret !== null) {
    useUi.setState({ newSecret: { keyName: review.keyName, secret, why: 'updated' } });
  }
  const keyUpdated = secret !== null;
  return end(review.id, value.review.version, { ...denied, keyUpdated, progress: { enforcedAt } });
}

/** Takes the answer back that the operation carries; the question is open again then. */
export async function undoAnswer(reviewId: string, operationId: string): Promise<boolean> {
  if (!begin(reviewId, 'undo')) return false;
  const outcome = await settle(() => bridge().calls.reviews.undo({ reviewId, operationId }));
  if (!outcome.ok) return fail(reviewId, outcome.failure);
  setAnswering(reviewId, { step: null, takenBack: true });
  return true;
}

function end(reviewId: string, version: number, ending: Ending): true {
  setAnswering(reviewId, { ...notAnswering, ending, version, endedAtMs: Date.now() });
  return true;
}

/** An answer that somebody else gave first is an ending too. */
function fail(reviewId: string, failure: Failure): false {
  const current = failure.kind === 'conflict' && failure.code === 'already_decided' ? failure.current : null;
  if (current !== null && 'decidedAt' in current) {
    end(reviewId, current.version, { kind: 'elsewhere', review: current });
  } else setAnswering(reviewId, { step: null, failure });
  return false;
}
