import { type Cidr, cidrContainsCidr, hostCidrOf, parseAddress } from '../ip/index';
import {
  appliesTo,
  compareDeciding,
  decidingRange,
  decidingRangeOf,
  type DecidingRange,
} from './deciding-range';
import type { Range, Review } from './entities';
import type { ActiveReview, OperationContext, PolicyEffect, PolicyView, ReviewChange } from './policy-state';

type Settled = Pick<PolicyEffect, 'reviews' | 'endedDenials'>;

/**
 * Returns the effect of a new or changed range on active reviews (docs/behaviour.md 1.7.5): pending ones that it now decides
 * about are superseded, and denials end where it authorizes. The review `answeredId`, whose answer adds the range, is left out.
 */
export function settledBy(
  view: PolicyView,
  range: Range,
  context: OperationContext,
  answeredId?: string,
): Settled {
  const reviews: ReviewChange[] = [];
  const endedDenials: ActiveReview[] = [];
  const deciding = decidingRangeOf(range);
  if (deciding === undefined) return { reviews, endedDenials };
  let rangesAbout: ReturnType<PolicyView['rangesAbout']> | undefined;
  const lookUp = (host: Cidr): Iterable<DecidingRange> => {
    // The ranges are looked up once, however many reviews there are.
    rangesAbout ??= view.rangesAbout(deciding.cidr, range.id);
    return rangesAbout(host);
  };
  for (const review of view.activeReviews(deciding.cidr)) {
    if (review.id === answeredId || !decidesAbout(deciding, review, lookUp, context.now)) continue;
    if (review.status === 'pending') reviews.push(supersededBy(review, range.id, context));
    else if (range.effect === 'authorize') endedDenials.push(review);
  }
  return { reviews, endedDenials };
}

/** Returns true if the range decides about calls from the review's address with its key. `others` is called only if it may. */
export function decidesAbout(
  range: DecidingRange,
  review: Pick<ActiveReview, 'ip' | 'keyId'>,
  others: (host: Cidr) => Iterable<DecidingRange>,
  now: number,
): boolean {
  if (!appliesTo(range, review.keyId, now)) return false;
  const host = hostOf(review);
  if (host === undefined || !cidrContainsCidr(range.cidr, host)) return false;
  const other = decidingRange(others(host), host, review.keyId, now);
  return other === undefined || compareDeciding(range, other) < 0;
}

/** Returns the review as superseded by a range, or by another review if `rangeId` is null. */
export function supersededBy(
  { id, ip, keyId }: Pick<Review, 'id' | 'ip' | 'keyId'>,
  rangeId: string | null,
  { now, author }: OperationContext,
): ReviewChange {
  return {
    id,
    ip,
    keyId,
    status: 'superseded',
    decidedBy: author,
    decidedAt: new Date(now).toISOString(),
    note: null,
    rangeId,
  };
}

/** A cache by object, because a changed review is another object. */
const hosts = new WeakMap<Pick<ActiveReview, 'ip'>, Cidr | null>();

/** Returns the network of the review's one address; undefined if its text cannot be read. */
export function hostOf(review: Pick<ActiveReview, 'ip'>): Cidr | undefined {
  const known = hosts.get(review);
  if (known !== undefined) return known ?? undefined;
  const parsed = parseAddress(review.ip);
  const host = parsed.ok ? hostCidrOf(parsed.address) : null;
  hosts.set(review, host);
  return host ?? undefined;
}
