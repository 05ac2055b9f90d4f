import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Review } from '#shared/domain/entities';
import { forgetAnswers, useAnswers } from '../../../stores/answers';
import { UNDO_MS } from '../../../stores/batch';
import { useMirror } from '../../../stores/mirror';
import { pendingReviews } from '../../../stores/mirror-model';
import { usePendingList } from '../../../stores/pending-list';
import { useSettled } from '../../../stores/settled';
import { answeredLately, arrange } from '../model';

export interface ListedReviews {
  /** In the order of the screen. */
  readonly reviews: readonly Review[];
  /** All pending reviews, also those that are held back. */
  readonly pending: readonly Review[];
  /** Number of new reviews that are held back so that nothing moves. */
  readonly waiting: number;
  readonly showWaiting: () => void;
}

/**
 * Arranges the reviews while the screen is open, in one pass for each patch: answered ones keep their position until their
 * answer cannot be undone any more, except `keptId`, and while `hold` is set new ones wait, except that somebody was led to one.
 */
export function useReviews(hold: boolean, keptId: string | null): ListedReviews {
  const cursorId = usePendingList((list) => list.cursor?.id ?? null);
  const current = useMirror((mirror) => mirror.reviews);
  const pending = useMemo(() => pendingReviews(current), [current]);
  const [shown, setShown] = useState(() =>
    answeredLately(current, useAnswers.getState().byReview, useSettled.getState().byId, Date.now()),
  );

  const arranged = useMemo(() => {
    // One that is gone was not answered, so nobody needs to see how.
    const isHere = ({ id }: Review): boolean => current.has(id);
    const isListed = cursorId === null || shown.some(({ id }) => id === cursorId);
    const isLedTo = !isListed && current.get(cursorId)?.status === 'pending';
    return arrange(shown.every(isHere) ? shown : shown.filter(isHere), pending, hold && !isLedTo);
  }, [shown, current, pending, hold, cursorId]);
  // The state follows from the mirror and from the previous screen, so it is set during rendering.
  if (arranged.shown !== shown) setShown(arranged.shown);
  const reviews = useMemo(
    () => arranged.shown.map((review) => current.get(review.id) ?? review),
    [arranged.shown, current],
  );

  const leaving = useMemo(
    () => reviews.flatMap(({ id, status }) => (status === 'pending' || id === keptId ? [] : [id])),
    [reviews, keptId],
  );
  const leavingText = leaving.join(' ');
  const leave = useCallback((ids: ReadonlySet<string>): void => {
    setShown((known) => known.filter(({ id }) => !ids.has(id)));
    forgetAnswers(ids);
  }, []);
  useEffect(() => {
    if (leavingText === '') return;
    // They leave together, after the last of them, so that the list does not twitch with each answer.
    const timer = setTimeout(() => leave(new Set(leavingText.split(' '))), UNDO_MS);
    return () => clearTimeout(timer);
  }, [leavingText, leave]);

  return {
    reviews,
    pending,
    waiting: arranged.waiting,
    showWaiting: () => setShown(arrange(shown, pending, false).shown),
  };
}
