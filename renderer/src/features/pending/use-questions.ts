import { useCallback, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Review } from '#shared/domain/entities';
import { useMirror } from '../../stores/mirror';
import { pendingReviews } from '../../stores/mirror-model';
import { arrange, type Ending } from './model';

export interface Questions {
  readonly cards: readonly { readonly review: Review; readonly ending: Ending | null }[];
  /** New questions that wait so that nothing moves. */
  readonly waiting: number;
  readonly showWaiting: () => void;
  readonly end: (reviewId: string, ending: Ending) => void;
  readonly dismiss: (reviewId: string) => void;
}

/**
 * The questions as they are laid out while the screen is open: answered ones stay in their places until they are put
 * away, and while `hold` is set new ones wait.
 */
export function useQuestions(hold: boolean): Questions {
  const pending = useMirror(useShallow((mirror) => pendingReviews(mirror.reviews)));
  const current = useMirror((mirror) => mirror.reviews);
  const [shown, setShown] = useState<readonly Review[]>([]);
  const [endings, setEndings] = useState<ReadonlyMap<string, Ending>>(new Map());

  const arranged = arrange(shown, pending, hold);
  // State that follows from the mirror and from what was on screen before, so it is set while rendering.
  if (arranged.shown !== shown) setShown(arranged.shown);

  const end = useCallback((reviewId: string, ending: Ending): void => {
    setEndings((known) => new Map(known).set(reviewId, ending));
  }, []);
  const dismiss = useCallback((reviewId: string): void => {
    setShown((known) => known.filter(({ id }) => id !== reviewId));
    setEndings((known) => new Map([...known].filter(([id]) => id !== reviewId)));
  }, []);
  return {
    cards: arranged.shown.map((review) => ({
      review: current.get(review.id) ?? review,
      ending: endings.get(review.id) ?? null,
    })),
    waiting: arranged.waiting,
    showWaiting: () => setShown(arrange(shown, pending, false).shown),
    end,
    dismiss,
  };
}
