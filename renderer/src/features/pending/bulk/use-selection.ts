import { useCallback, useState } from 'react';
import type { Review } from '#shared/domain/entities';

export interface Selection {
  /** The selected cards that are still pending, in their order. */
  readonly selected: readonly Review[];
  readonly select: (reviewId: string, selected: boolean) => void;
  readonly selectAll: (reviews: readonly Review[]) => void;
  readonly clear: () => void;
}

/** Keeps the cards to be answered together. Cards that are answered meanwhile leave the selection. */
export function useSelection(cards: readonly Review[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const select = useCallback((reviewId: string, selected: boolean): void => {
    setIds((known) => {
      const next = new Set(known);
      if (selected) next.add(reviewId);
      else next.delete(reviewId);
      return next;
    });
  }, []);
  return {
    selected: cards.filter(({ id, status }) => status === 'pending' && ids.has(id)),
    select,
    selectAll: useCallback((reviews) => setIds(new Set(reviews.map(({ id }) => id))), []),
    clear: useCallback(() => setIds(new Set()), []),
  };
}
