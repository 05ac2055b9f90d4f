import { SECOND_MS } from '../durations';
import type { Scope } from '../api/bodies';
import { t } from '../i18n/t';
import { type Cidr, cidrContainsCidr, firstAddress, formatCidr, subnetAround } from '../ip/index';
import { ensureRange, type NewRange, newRange, readNetworks } from './change-ranges';
import { isExpired } from './deciding-range';
import type { Review } from './entities';
import {
  type ChangeOf,
  NO_EFFECT,
  type PolicyOutcome,
  type PolicyView,
  type Refused,
  refused,
  type ReviewChange,
  type RuleContext,
} from './policy-state';
import { hostOf } from './settle-reviews';

export function knownReview(view: Pick<PolicyView, 'review'>, reviewId: string): Review | Refused {
  return view.review(reviewId) ?? refused('not_found', t('refusals.noReview'), { field: 'id' });
}

/** Returns the refusal of a second answer, with the current review. */
export function alreadyDecided(review: Review): Refused {
  const { decidedBy: author } = review;
  const status = t(`refusals.status_${review.status}`);
  const message =
    author === null ? t('refusals.answered', { status }) : t('refusals.answeredBy', { status, author });
  return refused('already_decided', message, { current: review });
}

/** Returns the network that an approval lets in, or the refusal. */
export function networkInScope(
  review: Pick<Review, 'ip'>,
  scope: Scope,
  account: PolicyView['account'],
): Cidr | Refused {
  const host = hostOf(review);
  const field = 'scope.cidr';
  const none = refused('invalid_cidr', t('refusals.noSubnet'), { field });
  if (host === undefined) return none;
  if (scope === 'address') return host;
  if (scope === 'subnet') return account === null ? none : subnetAround(firstAddress(host), account.grants);
  const reading = readNetworks(scope.cidr, scope.allowWide ?? false, field);
  if ('refusal' in reading) return reading;
  const [network, ...more] = reading.cidrs;
  if (network === undefined || more.length > 0) {
    return refused('invalid_cidr', t('refusals.severalForAnswer'), { field });
  }
  if (cidrContainsCidr(network, host)) return network;
  const message = t('refusals.doesNotContain', { cidr: scope.cidr, ip: review.ip });
  return refused('invalid_cidr', message, { field });
}

type Answer = ChangeOf<'review.authorize' | 'review.deny'>;

/** Returns the range that an answer given at `now` adds; undefined for a denial without one. */
export function rangeOfAnswer(
  review: Pick<Review, 'ip' | 'keyId'>,
  answer: Answer,
  account: PolicyView['account'],
  now: number,
): NewRange | Refused | undefined {
  const { note: label = '' } = answer;
  if (answer.type === 'review.deny') {
    const cidr = answer.addDenyRange ? hostOf(review) : undefined;
    return cidr && { cidr, effect: 'deny', label, source: 'denial', keyId: null, expiresAt: null };
  }
  const cidr = networkInScope(review, answer.scope, account);
  if ('refusal' in cidr) return cidr;
  const { durationSeconds } = answer;
  const expiresAt =
    durationSeconds === undefined ? null : new Date(now + durationSeconds * SECOND_MS).toISOString();
  const keyId = answer.thisKeyOnly ? review.keyId : null;
  return { cidr, effect: 'authorize', label, source: 'approval', keyId, expiresAt };
}

/** Authorizes or denies the address of a review. The range of the answer, if there is one, settles other reviews. */
export function answerReview(view: PolicyView, answer: Answer, context: RuleContext): PolicyOutcome {
  const review = knownReview(view, answer.reviewId);
  if ('refusal' in review) return review;
  if (review.status !== 'pending') return alreadyDecided(review);
  const fields = rangeOfAnswer(review, answer, view.account, context.now);
  if (fields !== undefined && 'refusal' in fields) return fields;
  const wanted = fields && newRange(fields, context.newRangeId(0), context);
  const ensured = wanted && ensureRange(view, wanted, context, review.id);
  const { reviews, ...effect } = ensured?.effect ?? NO_EFFECT;
  const status = answer.type === 'review.deny' ? 'denied' : 'authorized';
  const { note = '' } = answer;
  const change: ReviewChange = {
    id: review.id,
    ip: review.ip,
    keyId: review.keyId,
    status,
    decidedBy: context.author,
    decidedAt: new Date(context.now).toISOString(),
    // An empty note counts as none.
    note: note === '' ? null : note,
    rangeId: ensured?.range.id ?? null,
    action: `review.${status}`,
  };
  return { ...effect, reviews: [change, ...reviews] };
}

/**
 * Returns true if somebody has given the very same answer already and its result holds, so that two people who agree are not in
 * conflict. A different note makes another answer, because it would be lost.
 */
export function isAnsweredAlike(view: PolicyView, answer: Answer, now: number): boolean {
  const review = view.review(answer.reviewId);
  const { note = '' } = answer;
  if (review === undefined || (note !== '' && note !== review.note)) return false;
  if (review.status !== (answer.type === 'review.deny' ? 'denied' : 'authorized')) return false;
  const decidedAtMs = Date.parse(review.decidedAt ?? review.lastAt);
  const wanted = rangeOfAnswer(review, answer, view.account, decidedAtMs);
  if (wanted === undefined) return true;
  const range = review.rangeId === null ? undefined : view.range(review.rangeId);
  if ('refusal' in wanted || range === undefined || isExpired(range, now)) return false;
  if (range.effect !== wanted.effect || range.cidr !== formatCidr(wanted.cidr)) return false;
  // A denial counts as the same however long it lasts.
  return wanted.effect === 'deny' || (range.keyId === wanted.keyId && range.expiresAt === wanted.expiresAt);
}
