import type { Operation } from '../api/routes-operations';
import { authorizeReview, denyReview } from './answer-review';
import { addRanges, removeRange, updateRange } from './change-ranges';
import { derivedId } from './derived-id';
import type { Mode } from './entities';
import {
  type MirrorView,
  NO_EFFECT,
  type OperationContext,
  type PolicyEffect,
  type PolicyOutcome,
  type PolicyState,
  type PolicyView,
  viewOf,
  withEffect,
} from './policy-state';
import { mirroredFacts, reopenReview } from './reopen-review';

/**
 * The state after an operation, as the service makes it: by the same rule. An operation that is refused, or that finds nothing to
 * do, changes nothing. Pure.
 *
 * What only the service can know is a stand-in: times are `now`, a range that is added has a derived id where its author made
 * none, and the account's revision stays.
 */
export function applyOperation(
  state: PolicyState,
  operation: Operation,
  context: OperationContext,
): PolicyState {
  return withEffect(state, effectOf(viewOf(state), operation, context));
}

/** What {@link applyOperation} changes, without the rest of the state. Pure. */
export function effectOf(view: MirrorView, operation: Operation, context: OperationContext): PolicyEffect {
  const outcome = outcomeOf(view, operation, context);
  return 'refusal' in outcome ? NO_EFFECT : outcome;
}

/** What an operation comes to in a mirror. */
function outcomeOf(view: MirrorView, operation: Operation, { now, author }: OperationContext): PolicyOutcome {
  const context = { now, author, newRangeId: (index: number) => derivedId(operation.id, index) };
  switch (operation.type) {
    case 'range.add':
      return addRanges(view, operation, context);
    case 'range.update':
      return updateRange(view, operation, context);
    case 'range.remove':
      return removeRange(view, operation);
    case 'review.authorize':
      return authorizeReview(view, operation, context);
    case 'review.deny':
      return denyReview(view, operation, context);
    case 'review.reopen':
      return reopenReview(view, operation, context, (review) => mirroredFacts(view, review));
    case 'mode.set':
      return setMode(view, operation.mode);
  }
}

/** Chooses how unknown addresses are handled; the mode that holds already changes nothing. */
export function setMode({ account }: Pick<PolicyView, 'account'>, mode: Mode): PolicyEffect {
  return account === null || account.mode === mode ? NO_EFFECT : { ...NO_EFFECT, mode };
}
