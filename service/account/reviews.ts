import type { RouteRequest } from '#shared/api/route-types';
import { isAnsweredAlike } from '#shared/domain/answer-review';
import type { Key, Range, Review } from '#shared/domain/entities';
import type { ChangeOf, PolicyChange } from '#shared/domain/policy-state';
import { keyOf } from '../storage/repositories/keys';
import { reviewOf } from '../storage/repositories/reviews';
import { type Applied, applyWithin } from '../policy/apply-change';
import { isPermitted, type Author, type Principal, type ServiceContext } from '../policy/context';
import { rotateKeyWithin } from './keys';
import { type ChangeContext, lookAhead } from '../policy/impact';
import { LoadedPolicy } from '../policy/loaded-policy';
import { writeAudited, writePolicy, type PolicyWrite } from '../policy/policy-write';
import { Refusal } from '../policy/refusal';

function reviewIn({ review }: Applied): Review {
  if (review === undefined) throw new Error('the change was about no review');
  return review;
}

/** Authorizes the address by one range. Other reviews that this range decides are superseded. */
export async function authorizeReviewWithin(
  write: PolicyWrite,
  reviewId: string,
  body: RouteRequest<'authorizeReview'>['body'],
): Promise<{ review: Review; range: Range }> {
  const applied = await applyWithin(write, { ...body, type: 'review.authorize', reviewId });
  const { answer: range } = applied;
  if (range === undefined) throw new Error(`review ${reviewId} was authorized by no range`);
  return { review: reviewIn(applied), range };
}

export function authorizeReview(
  context: ServiceContext,
  author: Author,
  reviewId: string,
  body: RouteRequest<'authorizeReview'>['body'],
): Promise<{ review: Review; range: Range }> {
  return writePolicy(context, author, (write) => authorizeReviewWithin(write, reviewId, body));
}

/** Denies the address, on request with a denied range. */
export async function denyReviewWithin(
  write: PolicyWrite,
  reviewId: string,
  body: Pick<ChangeOf<'review.deny'>, 'addDenyRange' | 'note'>,
): Promise<{ review: Review; range?: Range }> {
  const { addDenyRange, note } = body;
  const applied = await applyWithin(write, { type: 'review.deny', reviewId, addDenyRange, note });
  const { answer: range } = applied;
  return { review: reviewIn(applied), ...(range && { range }) };
}

/** Takes an answer back, with everything that its range vouched for (docs/behaviour.md 1.8.5). */
export function reopenReview(
  context: ServiceContext,
  author: Author,
  reviewId: string,
  baseVersion: number | undefined,
): Promise<{ review: Review }> {
  return writePolicy(context, author, async (write) => ({
    review: reviewIn(await applyWithin(write, { type: 'review.reopen', reviewId, baseVersion })),
  }));
}

/** Has nothing proposed for the review's key and network for a while, on any of its reviews. @throws Refusal `not_found` */
export function declineProposal(
  context: ServiceContext,
  author: Author,
  reviewId: string,
): Promise<{ review: Review }> {
  return writeAudited(context, author, async (write) => {
    const { tx, policy, now } = write;
    const row = await tx.reviews.get(policy.id, reviewId);
    if (row === undefined)
      throw new Refusal('not_found', 'There is no review with this id.', { field: 'id' });
    const review = reviewOf(row);
    const { proposal, keyId, asn } = review;
    if (proposal === null || asn === null) return { review };
    const subject = { accountId: policy.id, keyId, asn };
    await tx.proposals.decline(subject, now);
    for (const id of new Set([reviewId, ...(await tx.proposals.carriers(subject))])) {
      await tx.proposals.remove(policy.id, id, await write.seq());
    }
    const after = { ...review, proposal: null };
    await write.audit({ action: 'review.proposal_declined', target: reviewId, before: review, after });
    return { review: after };
  });
}

/** Returns the review if it has the very same answer already and the answer still holds. */
export async function answeredAlike(write: PolicyWrite, answer: PolicyChange): Promise<Review | undefined> {
  if (answer.type !== 'review.authorize' && answer.type !== 'review.deny') return undefined;
  const view = new LoadedPolicy(write);
  await view.load(answer);
  return isAnsweredAlike(view, answer, write.now) ? view.review(answer.reviewId) : undefined;
}

/** Denies the address, on request with a denied range and a new secret for the key. */
export async function denyReview(
  context: ServiceContext & ChangeContext,
  principal: Principal,
  reviewId: string,
  body: RouteRequest<'denyReview'>['body'],
): Promise<{ review: Review; range?: Range; key?: Key; secret?: string }> {
  if (body.rotateKey && !isPermitted(principal, 'api_keys')) {
    throw new Refusal('forbidden', 'Updating the API key needs the permission api_keys.', {
      required: 'api_keys',
    });
  }
  await lookAhead(context, principal, { ...body, type: 'review.deny', reviewId });
  return writePolicy(context, principal, async (write) => {
    const denied = await denyReviewWithin(write, reviewId, body);
    if (!body.rotateKey) return denied;
    const { row, secret } = await rotateKeyWithin(context, write, denied.review.keyId, 0);
    return { ...denied, key: keyOf(row), secret };
  });
}
