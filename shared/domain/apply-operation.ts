import type { Operation } from '../api/routes-operations';
import { answerReview } from './answer-review';
import { addRanges, removeRange, updateRange } from './change-ranges';
import { derivedId } from './derived-id';
import {
  identityText,
  type MirrorView,
  NO_EFFECT,
  type OperationContext,
  type PolicyChange,
  type PolicyEffect,
  type PolicyOutcome,
  type PolicyState,
  type PolicyView,
  rangesAbout,
  reviewAfter,
  type RuleContext,
  withMode,
} from './policy-state';
import { mirroredFacts, reopenReview } from './reopen-review';

/** What a change of policy comes to: an effect, or a refusal. The service and the console ask the same. Pure. */
export function outcomeOf(view: PolicyView, change: PolicyChange, context: RuleContext): PolicyOutcome {
  switch (change.type) {
    case 'range.add':
      return addRanges(view, change, context);
    case 'range.update':
      return updateRange(view, change, context);
    case 'range.remove':
      return removeRange(view, change);
    case 'review.authorize':
    case 'review.deny':
      return answerReview(view, change, context);
    case 'review.reopen':
      return reopenReview(view, change, context);
    case 'mode.set':
      return view.account?.mode === change.mode ? NO_EFFECT : { ...NO_EFFECT, mode: change.mode };
  }
}

/**
 * What an operation does to what a console mirrors; nothing where it is refused. What only the service can know is a stand-in: a range
 * that is added has a derived id where its author made none.
 */
export function effectOf(
  view: MirrorView,
  operation: Operation,
  { now, author }: OperationContext,
): PolicyEffect {
  const newRangeId = (index: number): string => derivedId(operation.id, index);
  const outcome = outcomeOf(view, operation, { now, author, newRangeId });
  return 'refusal' in outcome ? NO_EFFECT : outcome;
}

/** The state after an operation, except for the account's revision. What it does not change keeps its identity. */
export function applyOperation(
  state: PolicyState,
  operation: Operation,
  context: OperationContext,
): PolicyState {
  const { mode, ranges, removed, reviews } = effectOf(viewOf(state), operation, context);
  const { account } = state;
  const nextRanges = new Map(state.ranges);
  for (const { id } of removed) nextRanges.delete(id);
  for (const range of ranges) nextRanges.set(range.id, range);
  const nextReviews = new Map(state.reviews);
  for (const change of reviews) {
    const review = state.reviews.get(change.id);
    if (review !== undefined) nextReviews.set(change.id, reviewAfter(review, change));
  }
  return {
    account: mode === undefined || account === null ? account : withMode(account, mode),
    ranges: ranges.length + removed.length === 0 ? state.ranges : nextRanges,
    reviews: reviews.length === 0 ? state.reviews : nextReviews,
    keys: state.keys,
  };
}

/** A state as the rule looks at it, answered by walking over it. */
export function viewOf(state: PolicyState): MirrorView {
  const view: MirrorView = {
    account: state.account,
    range: (id) => state.ranges.get(id),
    isTaken: (id) => state.ranges.has(id),
    review: (id) => state.reviews.get(id),
    hasKey: (id) => state.keys.has(id),
    same: (identity) => {
      const wanted = identityText(identity);
      for (const range of state.ranges.values()) if (identityText(range) === wanted) return range;
      return undefined;
    },
    reviews: () => state.reviews.values(),
    *activeReviews() {
      for (const review of state.reviews.values()) if (review.status === 'pending') yield review;
    },
    rangesAbout: (network, exceptId) => rangesAbout(state.ranges.values(), network, exceptId),
    answerFacts: (review) => mirroredFacts(view, review),
  };
  return view;
}
