import type { Scope } from '../api/bodies';
import type { Operation } from '../api/routes-operations';
import { type Cidr, cidrContainsCidr, firstAddress, formatCidr, subnetAround } from '../ip/index';
import { ensureRange, newRange, readNetworks } from './change-ranges';
import { isExpired } from './deciding-range';
import type { Range, Review } from './entities';
import {
  NO_EFFECT,
  type OperationContext,
  type PolicyOutcome,
  type PolicyView,
  type Refused,
  refused,
  type ReviewChange,
  type RuleContext,
} from './policy-state';
import { hostOf } from './settle-reviews';

type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>;

export type AuthorizeRequest = Pick<
  OperationOf<'review.authorize'>,
  'reviewId' | 'scope' | 'durationSeconds' | 'thisKeyOnly' | 'note'
>;
export type DenyRequest = Pick<OperationOf<'review.deny'>, 'reviewId' | 'addDenyRange' | 'note'>;

/** The review, or that there is none. */
export function knownReview(view: Pick<PolicyView, 'review'>, reviewId: string): Review | Refused {
  return view.review(reviewId) ?? refused('not_found', 'There is no review with this id.', { field: 'id' });
}

/** How the review was settled, as a refusal. */
export function alreadyDecided(review: Review): Refused {
  const by = review.decidedBy === null ? '' : ` by ${review.decidedBy}`;
  return refused('already_decided', `This question was answered already: ${review.status}${by}.`, {
    current: review,
  });
}

function pendingReview(view: PolicyView, reviewId: string): Review | Refused {
  const review = knownReview(view, reviewId);
  return 'refusal' in review || review.status === 'pending' ? review : alreadyDecided(review);
}

/** The network that an approval lets in, or why it lets in none. */
export function networkInScope(
  review: Pick<Review, 'ip'>,
  scope: Scope,
  account: PolicyView['account'],
): Cidr | Refused {
  const host = hostOf(review);
  const field = 'scope.cidr';
  const none = refused('invalid_cidr', 'The account has no subnet for this address.', { field });
  if (host === undefined) return none;
  if (scope === 'address') return host;
  if (scope === 'subnet') return account === null ? none : subnetAround(firstAddress(host), account.grants);
  const reading = readNetworks(scope.cidr, scope.allowWide ?? false, field);
  if ('refusal' in reading) return reading;
  const [network, ...more] = reading.cidrs;
  if (network === undefined || more.length > 0) {
    return refused('invalid_cidr', 'An approval adds one range; this text means several.', { field });
  }
  if (cidrContainsCidr(network, host)) return network;
  const message = `${scope.cidr} does not contain ${review.ip}, the address in question.`;
  return refused('invalid_cidr', message, { field });
}

/** Lets the address in: one range, as wide and as long as asked. */
export function authorizeReview(
  view: PolicyView,
  { reviewId, scope, durationSeconds, thisKeyOnly, note = '' }: AuthorizeRequest,
  context: RuleContext,
): PolicyOutcome {
  const review = pendingReview(view, reviewId);
  if ('refusal' in review) return review;
  const cidr = networkInScope(review, scope, view.account);
  if ('refusal' in cidr) return cidr;
  const expiresAt =
    durationSeconds === undefined ? null : new Date(context.now + durationSeconds * 1_000).toISOString();
  const keyId = thisKeyOnly ? review.keyId : null;
  const wanted = newRange(
    { cidr, effect: 'authorize', label: note, source: 'approval', keyId, expiresAt },
    context.newRangeId(0),
    context,
  );
  return answered(view, review, 'authorized', wanted, note, context);
}

/** Keeps the address out, on request with a deny range. */
export function denyReview(
  view: PolicyView,
  { reviewId, addDenyRange, note = '' }: DenyRequest,
  context: RuleContext,
): PolicyOutcome {
  const review = pendingReview(view, reviewId);
  if ('refusal' in review) return review;
  const cidr = addDenyRange ? hostOf(review) : undefined;
  const wanted =
    cidr === undefined
      ? undefined
      : newRange(
          { cidr, effect: 'deny', label: note, source: 'denial', keyId: null, expiresAt: null },
          context.newRangeId(0),
          context,
        );
  return answered(view, review, 'denied', wanted, note, context);
}

function answered(
  view: PolicyView,
  review: Review,
  status: 'authorized' | 'denied',
  wanted: Range | undefined,
  note: string,
  context: OperationContext,
): PolicyOutcome {
  const ensured = wanted === undefined ? undefined : ensureRange(view, wanted, context, review.id);
  const { reviews, ...effect } = ensured?.effect ?? NO_EFFECT;
  const answer: ReviewChange = {
    id: review.id,
    ip: review.ip,
    keyId: review.keyId,
    status,
    decidedBy: context.author,
    decidedAt: new Date(context.now).toISOString(),
    // An empty note is none.
    note: note === '' ? null : note,
    rangeId: ensured?.range.id ?? null,
    action: `review.${status}`,
  };
  return { ...effect, reviews: [answer, ...reviews] };
}

/**
 * Returns true if somebody has given the very same answer already and its result holds: two people who agree are in no
 * conflict. A note of one's own that is not theirs would be lost, so it makes another answer.
 */
export function isAnsweredAlike(
  view: PolicyView,
  request: AuthorizeRequest | DenyRequest,
  now: number,
): boolean {
  const { reviewId, note = '' } = request;
  const review = view.review(reviewId);
  if (review === undefined || (note !== '' && note !== review.note)) return false;
  const left = review.rangeId === null ? undefined : view.range(review.rangeId);
  const range = left === undefined || isExpired(left, now) ? undefined : left;
  if ('addDenyRange' in request) {
    if (review.status !== 'denied' || !request.addDenyRange) return review.status === 'denied';
    const host = hostOf(review);
    return range?.effect === 'deny' && host !== undefined && range.cidr === formatCidr(host);
  }
  const { scope, thisKeyOnly, durationSeconds } = request;
  if (review.status !== 'authorized' || range?.effect !== 'authorize') return false;
  const network = networkInScope(review, scope, view.account);
  if ('refusal' in network || range.cidr !== formatCidr(network)) return false;
  if (range.keyId !== (thisKeyOnly ? review.keyId : null)) return false;
  if (durationSeconds === undefined || review.decidedAt === null) return range.expiresAt === null;
  const endsAtMs = Date.parse(review.decidedAt) + durationSeconds * 1_000;
  return range.expiresAt !== null && Date.parse(range.expiresAt) === endsAtMs;
}
