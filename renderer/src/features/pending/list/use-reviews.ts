import { useCallback, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Review } from '#shared/domain/entities';
import { forgetAnswer, useAnswers } from '../../../stores/answers';
import { useMirror } from '../../../stores/mirror';
import { pendingReviews } from '../../../stores/mirror-model';
import { useSettled } from '../../../stores/settled';
import { answeredLately, arrange } from '../model';

export interface ListedReviews {
  /** As they are laid out. */
  readonly cards: readonly Review[];
  /** New questions that wait so that nothing moves. */
  readonly waiting: number;
  readonly showWaiting: () => void;
  readonly dismiss: (reviewId: string) => void;
}

/**
 * The questions as they are laid out while the screen is open: answered ones stay in their places until they are put
 * away, and while `hold` is set new ones wait. It begins with the open ones, and with those whose answer can be undone.
 */
export function useReviews(hold: boolean): ListedReviews {
  const pending = useMirror(useShallow((mirror) => pendingReviews(mirror.reviews)));
  const current = useMirror((mirror) => mirror.reviews);
  const [shown, setShown] = useState(() =>
    answeredLately(current, useAnswers.getState().byReview, useSettled.getState().byId, Date.now()),
  );

  const arranged = arrange(shown, pending, hold);
  // State that follows from the mirror and from what was on screen before, so it is set while rendering.
  if (arranged.shown !== shown) setShown(arranged.shown);

  const dismiss = useCallback((reviewId: string): void => {
    setShown((known) => known.filter(({ id }) => id !== reviewId));
    forgetAnswer(reviewId);
  }, []);
  return {
    cards: arranged.shown.map((review) => current.get(review.id) ?? review),
    waiting: arranged.waiting,
    showWaiting: () => setShown(arrange(shown, pending, false).shown),
    dismiss,
  };
}
