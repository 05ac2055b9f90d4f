import { useCallback, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Review } from '#shared/domain/entities';
import { forgetAnswer, useAnswers } from '../../../stores/answers';
import { useMirror } from '../../../stores/mirror';
import { pendingReviews } from '../../../stores/mirror-model';
import { useSettled } from '../../../stores/settled';
import { answeredLately, arrange } from '../model';

export interface ListedReviews {
  /** In the order of the screen. */
  readonly cards: readonly Review[];
  /** Number of new reviews that are held back so that nothing moves. */
  readonly waiting: number;
  readonly showWaiting: () => void;
  readonly dismiss: (reviewId: string) => void;
}

/**
 * Arranges the reviews while the screen is open: answered ones keep their positions until they are dismissed, and while
 * `hold` is set new ones wait. It begins with the pending reviews and those whose answer can be undone.
 */
export function useReviews(hold: boolean): ListedReviews {
  const pending = useMirror(useShallow((mirror) => pendingReviews(mirror.reviews)));
  const current = useMirror((mirror) => mirror.reviews);
  const [shown, setShown] = useState(() =>
    answeredLately(current, useAnswers.getState().byReview, useSettled.getState().byId, Date.now()),
  );

  const arranged = arrange(shown, pending, hold);
  // The state follows from the mirror and from the previous screen, so it is set during rendering.
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
