import type { Operation } from '../api/routes-operations';
import { answerReview } from './answer-review';
import { addRanges, removeRange, updateRange } from './change-ranges';
import { derivedId } from './derived-id';
import {
  type ChangeOf,
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

/** Returns the effect of a change of policy, or the refusal. Service and console share this rule. Pure. */
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
      return setMode(view, change);
  }
}

function setMode({ account }: PolicyView, { mode, reportOnly }: ChangeOf<'mode.set'>): PolicyEffect {
  return {
    ...NO_EFFECT,
    ...(account?.mode !== mode && { mode }),
    ...(reportOnly !== undefined && account?.reportOnly !== reportOnly && { reportOnly }),
  };
}

/**
 * Returns the effect of an operation on what a console mirrors, which is none if it is refused. Ids that only the service can
 * make are derived from the operation's id.
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

/** Returns the state after an operation, except for the account's revision. Unchanged parts keep their identity. */
export function applyOperation(
  state: PolicyState,
  operation: Operation,
  context: OperationContext,
): PolicyState {
  const effect = effectOf(viewOf(state), operation, context);
  const { ranges, removed, reviews } = effect;
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
    account: account && withMode(account, effect),
    ranges: ranges.length + removed.length === 0 ? state.ranges : nextRanges,
    reviews: reviews.length === 0 ? state.reviews : nextReviews,
    keys: state.keys,
  };
}

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
