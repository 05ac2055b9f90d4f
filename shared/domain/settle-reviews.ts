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
 * What a new or changed range settles by itself: open reviews are superseded, because the next call is decided by the range, and
 * denials end where it authorizes. The review `answeredId`, whose answer brings the range, is settled by that.
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
    // Looked for once, however many the reviews are.
    rangesAbout ??= view.rangesAbout(deciding.cidr, range.id);
    return rangesAbout(host);
  };
  for (const review of view.activeReviews()) {
    if (review.id === answeredId || !decidesAbout(deciding, review, lookUp, context.now)) continue;
    if (review.status === 'pending') reviews.push(supersededBy(review, range.id, context));
    else if (range.effect === 'authorize') endedDenials.push(review);
  }
  return { reviews, endedDenials };
}

/** Returns true if the range decides about calls from the review's address with its key; `others` are looked up only where it may. */
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

/** The review as a range settles it, or nobody asks about it any more. */
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

/** Addresses are read once for each object; a changed review is another object. */
const hosts = new WeakMap<Pick<ActiveReview, 'ip'>, Cidr | null>();

/** The network of the one address in question; undefined where its text cannot be read. */
export function hostOf(review: Pick<ActiveReview, 'ip'>): Cidr | undefined {
  const known = hosts.get(review);
  if (known !== undefined) return known ?? undefined;
  const parsed = parseAddress(review.ip);
  const host = parsed.ok ? hostCidrOf(parsed.address) : null;
  hosts.set(review, host);
  return host ?? undefined;
}
