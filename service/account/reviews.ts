import type { RouteRequest } from '#shared/api/route-types';
import {
  type AuthorizeRequest,
  authorizeReview as ruleOfAuthorizing,
  type DenyRequest,
  denyReview as ruleOfDenying,
  isAnsweredAlike,
  networkInScope,
} from '#shared/domain/answer-review';
import type { Key, Range, Review } from '#shared/domain/entities';
import { type PolicyOutcome, reviewAfter } from '#shared/domain/policy-state';
import { hostOf } from '#shared/domain/settle-reviews';
import { type Cidr, firstAddress, formatCidr, sortableAddress } from '#shared/ip/index';
import { keyOf } from '../storage/repositories/keys';
import { isPermitted, type Author, type Principal, type ServiceContext } from './context';
import { rotateKeyWithin } from './keys';
import { contextOf, LoadedPolicy, orRefuse, writeEffect } from './policy-effect';
import { writePolicy, type PolicyWrite } from './policy-write';
import { Refusal } from './refusal';
import { writeSighting } from './sighting';

/** What a person has let in speaks for its like from now on: the trust review is told of it as of a call that was let in. */
async function vouchFor(write: PolicyWrite, review: Review, address: Cidr, rangeId: string): Promise<void> {
  const { tx, policy, now } = write;
  const { keyId, country, asn, asName } = review;
  const ip = firstAddress(address);
  const userAgent = await tx.attempts.newestAgent(policy.id, keyId, sortableAddress(ip));
  await writeSighting(
    write,
    { policy, keyId, address: ip, userAgent },
    { country, asn, asName },
    rangeId,
    now,
  );
}

interface Answered {
  readonly review: Review;
  /** The range that answers it from now on. */
  readonly range: Range | undefined;
  readonly isRangeAdded: boolean;
}

async function writeAnswer(
  write: PolicyWrite,
  view: LoadedPolicy,
  reviewId: string,
  outcome: PolicyOutcome,
): Promise<Answered> {
  const effect = orRefuse(outcome);
  const [answer] = effect.reviews;
  const before = view.review(reviewId);
  if (answer === undefined || before === undefined) throw new Error(`review ${reviewId} was not answered`);
  await writeEffect(write, view, effect);
  const [added] = effect.ranges;
  const range = added ?? (answer.rangeId === null ? undefined : view.range(answer.rangeId));
  return { review: reviewAfter(before, answer), range, isRangeAdded: added !== undefined };
}

/** Lets the address in: one range, as wide and as long as asked; every other question it answers is superseded. */
export async function authorizeReviewWithin(
  write: PolicyWrite,
  reviewId: string,
  body: Omit<AuthorizeRequest, 'reviewId'>,
): Promise<{ review: Review; range: Range }> {
  const view = new LoadedPolicy(write);
  await view.loadReview(reviewId);
  const before = view.review(reviewId);
  const network = before && networkInScope(before, body.scope, view.account);
  if (network !== undefined && !('refusal' in network)) {
    const keyId = body.thisKeyOnly ? (before?.keyId ?? null) : null;
    await view.loadSame({ cidr: formatCidr(network), effect: 'authorize', keyId });
  }
  const outcome = ruleOfAuthorizing(view, { ...body, reviewId }, contextOf(write));
  const { review, range, isRangeAdded } = await writeAnswer(write, view, reviewId, outcome);
  const host = hostOf(review);
  if (range === undefined || host === undefined)
    throw new Error(`review ${reviewId} was authorized by no range`);
  // One that was there before speaks by the calls that it let in; and what is taken back must not go on speaking.
  if (isRangeAdded) await vouchFor(write, review, host, range.id);
  return { review, range };
}

export const authorizeReview = (
  context: ServiceContext,
  author: Author,
  reviewId: string,
  body: RouteRequest<'authorizeReview'>['body'],
): Promise<{ review: Review; range: Range }> =>
  writePolicy(context, author, (write) => authorizeReviewWithin(write, reviewId, body));

/** Keeps the address out, on request with a deny range. */
export async function denyReviewWithin(
  write: PolicyWrite,
  reviewId: string,
  body: Omit<DenyRequest, 'reviewId'>,
): Promise<{ review: Review; range?: Range }> {
  const view = new LoadedPolicy(write);
  await view.loadReview(reviewId);
  const before = view.review(reviewId);
  const host = before && body.addDenyRange ? hostOf(before) : undefined;
  if (host !== undefined) await view.loadSame({ cidr: formatCidr(host), effect: 'deny', keyId: null });
  const outcome = ruleOfDenying(view, { ...body, reviewId }, contextOf(write));
  const { review, range } = await writeAnswer(write, view, reviewId, outcome);
  return { review, ...(range && { range }) };
}

/** The review, where somebody has given the very same answer already and its result holds. */
export async function answeredAlike(
  write: PolicyWrite,
  answer: AuthorizeRequest | DenyRequest,
): Promise<Review | undefined> {
  const view = new LoadedPolicy(write);
  const row = await view.loadReview(answer.reviewId);
  if (row !== undefined && row.range_id !== null) await view.loadRange(row.range_id);
  return isAnsweredAlike(view, answer, write.now) ? view.review(answer.reviewId) : undefined;
}

/** Keeps the address out; on request with a deny range, and with a new secret for the key. */
export const denyReview = (
  context: ServiceContext,
  principal: Principal,
  reviewId: string,
  body: RouteRequest<'denyReview'>['body'],
): Promise<{ review: Review; range?: Range; key?: Key; secret?: string }> => {
  if (body.rotateKey && !isPermitted(principal, 'api_keys')) {
    throw new Refusal('forbidden', 'Updating the API key needs the permission api_keys.', {
      required: 'api_keys',
    });
  }
  return writePolicy(context, principal, async (write) => {
    const denied = await denyReviewWithin(write, reviewId, body);
    if (!body.rotateKey) return denied;
    const { row, secret } = await rotateKeyWithin(context, write, denied.review.keyId, 0);
    return { ...denied, key: keyOf(row), secret };
  });
};
