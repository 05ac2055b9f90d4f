import type { Account, Key, Range, Review } from './entities';

/** What operations change: the policy of one account, as a console mirrors it. */
export interface PolicyState {
  readonly account: Account | null;
  readonly ranges: ReadonlyMap<string, Range>;
  readonly reviews: ReadonlyMap<string, Review>;
  readonly keys: ReadonlyMap<string, Key>;
}

/** What makes two ranges the same one: an account never has both. */
export interface RangeIdentity {
  readonly cidr: string;
  readonly effect: Range['effect'];
  readonly keyId: string | null;
}

/** The identity as one text, to look ranges up by. */
export const identityText = ({ cidr, effect, keyId }: RangeIdentity): string =>
  `${cidr} ${effect} ${keyId ?? '*'}`;

/** How an operation looks at a state. A large state may answer from an index. */
export interface PolicyView {
  readonly account: Account | null;
  range(id: string): Range | undefined;
  review(id: string): Review | undefined;
  key(id: string): Key | undefined;
  /** The range that says the same, expired or not. */
  same(identity: RangeIdentity): Range | undefined;
  ranges(): Iterable<Range>;
  reviews(): Iterable<Review>;
  pendingReviews(): Iterable<Review>;
}

/** What an operation does to a state: entities as they are afterwards, and ids of ranges that are gone. */
export interface PolicyEffect {
  readonly account?: Account;
  readonly ranges: readonly Range[];
  readonly removedRangeIds: readonly string[];
  readonly reviews: readonly Review[];
}

export const NO_EFFECT: PolicyEffect = { ranges: [], removedRangeIds: [], reviews: [] };

/** A state as operations look at it, answered by walking over it. */
export const viewOf = (state: PolicyState): PolicyView => ({
  account: state.account,
  range: (id) => state.ranges.get(id),
  review: (id) => state.reviews.get(id),
  key: (id) => state.keys.get(id),
  same: (identity) => {
    const wanted = identityText(identity);
    for (const range of state.ranges.values()) if (identityText(range) === wanted) return range;
    return undefined;
  },
  ranges: () => state.ranges.values(),
  reviews: () => state.reviews.values(),
  *pendingReviews() {
    for (const review of state.reviews.values()) if (review.status === 'pending') yield review;
  },
});

/** The state with an effect in it. What the effect does not name keeps its identity. */
export function withEffect(state: PolicyState, effect: PolicyEffect): PolicyState {
  const { account = state.account, ranges, removedRangeIds, reviews } = effect;
  const nextRanges = new Map(state.ranges);
  for (const id of removedRangeIds) nextRanges.delete(id);
  for (const range of ranges) nextRanges.set(range.id, range);
  const nextReviews = new Map(state.reviews);
  for (const review of reviews) nextReviews.set(review.id, review);
  return {
    account,
    ranges: ranges.length + removedRangeIds.length === 0 ? state.ranges : nextRanges,
    reviews: reviews.length === 0 ? state.reviews : nextReviews,
    keys: state.keys,
  };
}

/** By whom and when an operation is applied to a state. */
export interface OperationContext {
  /** When it is applied; milliseconds since the epoch. */
  readonly now: number;
  /** Who is named as its author: the e-mail address. */
  readonly author: string;
}
