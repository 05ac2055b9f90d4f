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

/** Answers to a review, one at a time. Each resolves with true on success; the answers store has the outcome. */

/** Claims the review. It writes to the store at once, because a second press can come before the first one is rendered. */
function begin(reviewId: string, step: AnswerStep): boolean {
  if (answeringOf(reviewId).step !== null) return false;
  setAnswering(reviewId, { step, failure: null });
  return true;
}

/**
 * Authorizes as the draft says.
 * @param isOwnChoice true if the person has made the choices, so that the next review begins with them.
 */
export async function authorizeReview(
  review: Review,
  draft: AnswerDraft,
  isOwnChoice = true,
): Promise<boolean> {
  if (!begin(review.id, 'authorize')) return false;
  const outcome = await settle(() => bridge().calls.reviews.authorize(authorizeRequest(review, draft)));
  if (!outcome.ok) return fail(review.id, outcome.failure);
  if (isOwnChoice) rememberChoices(review, draft);
  const { range, operationId, review: answered } = outcome.value;
  return end(review.id, answered.version, { kind: 'authorized', range, progress: { operationId } });
}

/** Denies the address. With `rotateKey` the key gets a new secret, which is shown once. */
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
    useUi.setState({ newSecret: { kind: 'rotatedKey', name: review.keyName, secret } });
  }
  const keyUpdated = secret !== null;
  return end(review.id, value.review.version, { ...denied, keyUpdated, progress: { enforcedAt } });
}

/** Takes back the answer that the operation carries, or the last one if its id is not known, so that the review is pending again. */
export async function undoAnswer(reviewId: string, operationId: string | null): Promise<boolean> {
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

/** Ends the review also if somebody else has answered it first. */
function fail(reviewId: string, failure: Failure): false {
  const current = failure.kind === 'conflict' && failure.code === 'already_decided' ? failure.current : null;
  if (current !== null && 'decidedAt' in current) {
    end(reviewId, current.version, { kind: 'elsewhere', review: current });
  } else setAnswering(reviewId, { step: null, failure });
  return false;
}
