import type { Review } from '#shared/domain/entities';
import { isComplete, noteProblem, readScope } from '../../../domain/answer';
import { useMirror } from '../../../stores/mirror';
import { may } from '../../../stores/mirror-model';
import type { Duration } from '../../../stores/ui';
import type { Answered } from '../model';
import { useArmed } from '../../../ui/use-armed';
import { authorizeReview, denyReview, undoAnswer } from './answering';
import { useAnswered } from './use-answered';
import { type Draft, useDraft } from './use-draft';

export interface ReviewAnswer {
  readonly answered: Answered;
  readonly draft: Draft;
  /** Changes with what takes input, so that whatever has just appeared can be told apart. */
  readonly shown: string;
  readonly isArmed: boolean;
  /** What keys may do now; null where that is not possible. */
  readonly authorize: (() => void) | null;
  readonly deny: (() => void) | null;
  readonly undo: (() => void) | null;
  readonly chooseDuration: ((duration: Duration) => void) | null;
}

/**
 * The state of answering one review, for the approval window and for the panel beside the list. The window takes no input for a
 * moment; whether the panel does is told by `isSteady`.
 */
export function useReviewAnswer(review: Review, isSteady?: boolean): ReviewAnswer {
  const answered = useAnswered(review);
  const draft = useDraft(review);
  const mayAnswer = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const { answering, ending, undo } = answered;
  const shown = `${review.id} ${ending === null ? 'open' : 'ended'}`;
  const isArmed = useArmed(shown, isSteady !== undefined) && isSteady !== false;
  const isAnswerable = ending === null && mayAnswer && isArmed && answering.step === null;
  const hasScope = isComplete(readScope(review, draft.draft), draft.draft);
  return {
    answered,
    draft,
    shown,
    isArmed,
    authorize: isAnswerable && hasScope ? () => void authorizeReview(review, draft.draft) : null,
    deny:
      isAnswerable && noteProblem(draft.draft) === null ? () => void denyReview(review, draft.draft) : null,
    undo: undo === null ? null : () => undoInTime(review.id, undo),
    chooseDuration: isAnswerable ? (duration) => draft.change({ duration }) : null,
  };
}

/** Undoes if there is time left: the key may be pressed after the button has gone. */
function undoInTime(reviewId: string, { operationId, untilMs }: NonNullable<Answered['undo']>): void {
  if (Date.now() < untilMs) void undoAnswer(reviewId, operationId);
}
