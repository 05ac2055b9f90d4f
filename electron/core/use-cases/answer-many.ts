import { alreadyDecided, networkInScope } from '#shared/domain/answer-review';
import type { Review } from '#shared/domain/entities';
import { formatCidr } from '#shared/ip/index';
import type { AnswerForMany } from '#shared/ipc/policy';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { Outbox } from '../outbox/outbox';
import {
  asFailure,
  planAuthorize,
  planDeny,
  type Planned,
  type Planning,
  planReopen,
} from '../outbox/plan-operation';
import { isReview } from '../outbox/queued-operation';
import { changeMany } from './change-many';
import type { OperationContext } from './context';
import { type OutboxAccess, outboxAccess } from './outbox-access';

/** Gives many reviews one answer. */
export function answerMany(
  core: OperationContext,
  { reviewIds, answer }: CallRequest<'reviews', 'answerMany'>,
): Promise<Outcome<CallResponse<'reviews', 'answerMany'>>> {
  return changeMany(core, reviewIds, (access) => plannerOf(access, answer));
}

/** Takes back what the service cannot have of an answer to many. The rest goes on as it is. */
export function stopMany(
  core: OperationContext,
  { reviewIds, operationIds }: CallRequest<'reviews', 'stopMany'>,
): Outcome<CallResponse<'reviews', 'stopMany'>> {
  const access = outboxAccess(core);
  if (!access.ok) return access;
  const isPending = (id: string): boolean => core.replica.view.review(id)?.status === 'pending';
  const answered = reviewIds.filter((id) => !isPending(id));
  access.value.outbox.undoUnsent(operationIds);
  return succeeded({ reopenedIds: answered.filter(isPending) });
}

type Plan = (reviewId: string) => Planned;

function plannerOf({ outbox, planning }: OutboxAccess, answer: AnswerForMany): Plan {
  switch (answer.kind) {
    case 'authorize':
      return authorizePlan(planning, answer);
    case 'deny':
      return (reviewId) => planDeny(planning, { ...answer, reviewId });
    case 'reopen':
      return reopenPlan(planning, acknowledgedReviews(outbox));
  }
}

/** Reviews of one network need one operation: its range settles the others, which could not be answered after that. */
function authorizePlan(planning: Planning, answer: Extract<AnswerForMany, { kind: 'authorize' }>): Plan {
  const networks = new Set<string>();
  const { account } = planning.view;
  return (reviewId) => {
    const planned = planAuthorize(planning, { ...answer, reviewId });
    const review = planning.view.review(reviewId);
    const network = review === undefined ? undefined : networkInScope(review, answer.scope, account);
    if (!planned.ok || review === undefined || network === undefined || 'refusal' in network) return planned;
    const identity = `${formatCidr(network)} ${answer.thisKeyOnly ? review.keyId : ''}`;
    if (networks.has(identity)) return succeeded([]);
    networks.add(identity);
    return planned;
  };
}

function reopenPlan(planning: Planning, acknowledged: ReadonlyMap<string, Review>): Plan {
  const me = planning.view.account?.me.email;
  return (reviewId) => {
    const review = planning.view.review(reviewId);
    if (review !== undefined && review.decidedBy !== null) {
      // What this person did not decide is not taken back (docs/behaviour.md 8.4.6).
      if (review.decidedBy !== me) return asFailure(alreadyDecided(review));
      // It is open again with the answer that settled it.
      if (review.status === 'superseded') return succeeded([]);
    }
    return planReopen(planning, reviewId, acknowledged.get(reviewId) ?? null);
  };
}

/** Returns the reviews as the service acknowledged them, which may be newer than the shown ones. */
function acknowledgedReviews(outbox: Outbox): ReadonlyMap<string, Review> {
  const reviews = new Map<string, Review>();
  for (const { state } of outbox.own()) {
    if (state.kind === 'done' && isReview(state.entity)) reviews.set(state.entity.id, state.entity);
  }
  return reviews;
}
