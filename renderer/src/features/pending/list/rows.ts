import type { Review } from '#shared/domain/entities';
import type { GroupBy } from '../../../stores/pending-list';
import { type Group, groupReviews } from './groups';

export type ListRow =
  | { readonly kind: 'group'; readonly id: string; readonly group: Group; readonly isFolded: boolean }
  | { readonly kind: 'review'; readonly id: string; readonly review: Review };

function reviewRow(review: Review): ListRow {
  return { kind: 'review', id: review.id, review };
}

/** Lays the reviews out as rows, each group under its heading. */
export function rowsOf(
  reviews: readonly Review[],
  groupBy: GroupBy,
  folded: ReadonlySet<string>,
): readonly ListRow[] {
  if (groupBy === 'none') return reviews.map(reviewRow);
  return groupReviews(reviews, groupBy).flatMap((group): ListRow[] => {
    const isFolded = folded.has(group.id);
    const heading = { kind: 'group', id: group.id, group, isFolded } as const;
    return [heading, ...(isFolded ? [] : group.reviews.map(reviewRow))];
  });
}

export function pendingIds(reviews: readonly Review[]): readonly string[] {
  return reviews.flatMap(({ id, status }) => (status === 'pending' ? [id] : []));
}
