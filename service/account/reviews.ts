import type { Scope } from '#shared/api/bodies';
import type { RouteRequest } from '#shared/api/route-types';
import type { Key, Range, Review } from '#shared/domain/entities';
import {
  cidrContains,
  hostCidrOf,
  parseAddress,
  subnetAround,
  type Cidr,
  type IpAddress,
} from '#shared/ip/index';
import { keyOf } from '../storage/repositories/keys';
import { rangeOf } from '../storage/repositories/ranges';
import {
  reviewOf,
  type NamedReviewRow,
  type ReviewDecision,
  type ReviewRow,
} from '../storage/repositories/reviews';
import { isPermitted, type Author, type Principal, type ServiceContext } from './context';
import { rotateKeyWithin } from './keys';
import { isStanding, standingReviewOf } from './policy';
import { writePolicy, type PolicyWrite } from './policy-write';
import { ensureRange } from './range-edits';
import { readCidrs } from './ranges';
import { Refusal } from './refusal';
import { settleStandingReviews } from './settle-reviews';
import { writeSighting } from './sighting';

const MS_PER_SECOND = 1000;

/** @throws Refusal `not_found`. */
export const requireReview = async (write: PolicyWrite, reviewId: string): Promise<NamedReviewRow> => {
  const row = await write.tx.reviews.get(write.policy.id, reviewId);
  if (row === undefined) throw new Refusal('not_found', 'There is no review with this id.', { field: 'id' });
  return row;
};

/** How the question was settled, as a refusal. */
export const alreadyDecided = (row: NamedReviewRow): Refusal => {
  const by = row.decided_by === null ? '' : ` by ${row.decided_by}`;
  return new Refusal('already_decided', `This question was answered already: ${row.status}${by}.`, {
    current: reviewOf(row),
  });
};

const requirePending = async (write: PolicyWrite, reviewId: string): Promise<NamedReviewRow> => {
  const row = await requireReview(write, reviewId);
  if (row.status !== 'pending') throw alreadyDecided(row);
  return row;
};

export const addressOf = (review: ReviewRow): IpAddress => {
  const parsed = parseAddress(review.ip);
  if (!parsed.ok) throw new Error(`review ${review.id} has the unreadable address "${review.ip}"`);
  return parsed.address;
};

export const cidrInScope = (write: PolicyWrite, review: ReviewRow, scope: Scope): Cidr => {
  if (scope === 'address') return hostCidrOf(addressOf(review));
  if (scope === 'subnet') return subnetAround(addressOf(review), write.policy.grants);
  const [cidr, ...more] = readCidrs(scope.cidr, scope.allowWide ?? false, 'scope.cidr');
  if (cidr === undefined || more.length > 0) {
    throw new Refusal('invalid_cidr', 'An approval adds one range; this text means several.', {
      field: 'scope.cidr',
    });
  }
  if (!cidrContains(cidr, addressOf(review))) {
    throw new Refusal(
      'invalid_cidr',
      `${scope.cidr} does not contain ${review.ip}, the address in question.`,
      {
        field: 'scope.cidr',
      },
    );
  }
  return cidr;
};

const decide = async (
  write: PolicyWrite,
  review: NamedReviewRow,
  decision: Omit<ReviewDecision, 'decidedAt'>,
): Promise<Review> => {
  const { tx, policy } = write;
  await tx.reviews.decide(policy.id, review.id, { ...decision, decidedAt: write.now }, await write.seq());
  const decided = await tx.reviews.get(policy.id, review.id);
  if (decided === undefined) throw new Error(`review ${review.id} vanished while it was decided`);
  const after = reviewOf(decided);
  await write.audit({
    action: `review.${decision.status}`,
    target: review.id,
    before: reviewOf(review),
    after,
  });
  write.afterCommit(() => {
    if (isStanding(decided)) policy.setStandingReview(standingReviewOf(decided));
    else policy.dropStandingReview({ ip: review.ip, keyId: review.key_id });
  });
  return after;
};

/** An empty note is none. */
const noteOf = ({ note = '' }: { readonly note?: string | undefined }): string | null =>
  note === '' ? null : note;

/** What a person has let in speaks for its like from now on: the trust review is told of it as of a call that was let in. */
const vouchFor = async (write: PolicyWrite, review: NamedReviewRow, rangeId: string): Promise<void> => {
  const { tx, policy, now } = write;
  const userAgent = await tx.attempts.newestAgent(policy.id, review.key_id, review.ip_sort);
  const call = { policy, keyId: review.key_id, address: addressOf(review), userAgent };
  const place = { country: review.country, asn: review.asn, asName: review.as_name };
  await writeSighting(write, call, place, rangeId, now);
};

/** Lets the address in: one range, as wide and as long as asked; every other question it answers is superseded. */
export const authorizeReviewWithin = async (
  write: PolicyWrite,
  reviewId: string,
  body: RouteRequest<'authorizeReview'>['body'],
): Promise<{ review: Review; range: Range }> => {
  const row = await requirePending(write, reviewId);
  const { row: range, added } = await ensureRange(write, {
    cidr: cidrInScope(write, row, body.scope),
    effect: 'authorize',
    label: body.note ?? '',
    source: 'approval',
    keyId: body.thisKeyOnly ? row.key_id : null,
    createdBy: write.author.actor.name,
    expiresAt: body.durationSeconds === undefined ? null : write.now + body.durationSeconds * MS_PER_SECOND,
  });
  const review = await decide(write, row, {
    status: 'authorized',
    decidedBy: write.author.actor.name,
    note: noteOf(body),
    rangeId: range.id,
    madeRange: added,
  });
  await settleStandingReviews(write, range, row.id);
  // One that was there before speaks by the calls that it let in; and what is taken back must not go on speaking.
  if (added) await vouchFor(write, row, range.id);
  return { review, range: rangeOf(range) };
};

export const authorizeReview = (
  context: ServiceContext,
  author: Author,
  reviewId: string,
  body: RouteRequest<'authorizeReview'>['body'],
): Promise<{ review: Review; range: Range }> =>
  writePolicy(context, author, (write) => authorizeReviewWithin(write, reviewId, body));

/** Keeps the address out, on request with a deny range. */
export const denyReviewWithin = async (
  write: PolicyWrite,
  reviewId: string,
  body: { readonly addDenyRange: boolean; readonly note?: string | undefined },
): Promise<{ review: Review; range?: Range }> => {
  const row = await requirePending(write, reviewId);
  const denied = body.addDenyRange
    ? await ensureRange(write, {
        cidr: hostCidrOf(addressOf(row)),
        effect: 'deny',
        label: body.note ?? '',
        source: 'denial',
        keyId: null,
        createdBy: write.author.actor.name,
        expiresAt: null,
      })
    : undefined;
  const range = denied?.row;
  const review = await decide(write, row, {
    status: 'denied',
    decidedBy: write.author.actor.name,
    note: noteOf(body),
    rangeId: range?.id ?? null,
    madeRange: denied?.added === true,
  });
  if (range !== undefined) await settleStandingReviews(write, range, row.id);
  return { review, ...(range && { range: rangeOf(range) }) };
};

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
