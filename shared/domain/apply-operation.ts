import type { Scope } from '../api/bodies';
import type { Operation } from '../api/routes-operations';
import {
  type Cidr,
  cidrContains,
  formatCidr,
  hostCidrOf,
  parseAddress,
  parseRangeText,
  type RangeTextResult,
  subnetAround,
} from '../ip/index';
import { derivedId } from './derived-id';
import type { Account, Mode, Range, Review } from './entities';
import {
  NO_EFFECT,
  type OperationContext,
  type PolicyEffect,
  type PolicyState,
  type PolicyView,
  viewOf,
  withEffect,
} from './policy-state';
import { reopenReview } from './reopen-review';
import { settledBy } from './settle-reviews';

type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>;

/**
 * The state after an operation, as the service would make it. An operation that the service would refuse, or that finds
 * nothing to do, changes nothing. Pure.
 *
 * What only the service can know is a stand-in: times are `now`, a range that an answer adds has a derived id, and the
 * account's revision stays.
 */
export const applyOperation = (
  state: PolicyState,
  operation: Operation,
  context: OperationContext,
): PolicyState => withEffect(state, effectOf(viewOf(state), operation, context));

/** What {@link applyOperation} changes, without the rest of the state. Pure. */
export function effectOf(view: PolicyView, operation: Operation, context: OperationContext): PolicyEffect {
  switch (operation.type) {
    case 'range.add':
      return addRanges(view, operation, context);
    case 'range.update':
      return updateRange(view, operation, context);
    case 'range.remove': {
      const range = view.range(operation.rangeId);
      return range === undefined || isStale(range, operation)
        ? NO_EFFECT
        : { ...NO_EFFECT, removedRangeIds: [range.id] };
    }
    case 'review.authorize':
      return authorizeReview(view, operation, context);
    case 'review.deny':
      return denyReview(view, operation, context);
    case 'review.reopen':
      return reopenReview(view, operation, context);
    case 'mode.set':
      return setMode(view.account, operation.mode);
  }
}

const isStale = (range: Range, { baseVersion }: Operation): boolean =>
  baseVersion !== undefined && range.version !== baseVersion;

/** Whether a range with this expiry is not matched any more. */
export const isExpired = ({ expiresAt }: Pick<Range, 'expiresAt'>, now: number): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= now;

interface Ensured {
  readonly range: Range;
  /** False when one that says the same is there already. */
  readonly added: boolean;
  /** An expired one that made room. */
  readonly removedRangeIds: readonly string[];
}

/** The range, or the one that says the same already; one that has expired makes room. */
function ensureRange(view: PolicyView, range: Range, now: number): Ensured {
  const same = view.same(range);
  if (same === undefined) return { range, added: true, removedRangeIds: [] };
  return isExpired(same, now)
    ? { range, added: true, removedRangeIds: [same.id] }
    : { range: same, added: false, removedRangeIds: [] };
}

const newRange = (
  fields: Pick<Range, 'id' | 'cidr' | 'effect' | 'label' | 'source' | 'keyId' | 'expiresAt'>,
  { now, author }: OperationContext,
): Range => ({
  ...fields,
  createdAt: new Date(now).toISOString(),
  createdBy: author,
  version: 1,
  lastUsedAt: null,
  uses: 0,
});

function addRanges(
  view: PolicyView,
  operation: OperationOf<'range.add'>,
  context: OperationContext,
): PolicyEffect {
  const { id, rangeId, cidr, effect, label, keyId, rangeExpiresAt: expiresAt, allowWide } = operation;
  // Before the text is read: most of what is applied again is there already.
  if (rangeId !== undefined && view.range(rangeId) !== undefined) return NO_EFFECT;
  const parsed = readOnce(operation, cidr, allowWide);
  if (!parsed.ok || (rangeId !== undefined && parsed.cidrs.length > 1)) return NO_EFFECT;
  if (keyId !== null && view.key(keyId) === undefined) return NO_EFFECT;
  if (isExpired({ expiresAt }, context.now)) return NO_EFFECT;
  const ranges: Range[] = [];
  const removedRangeIds: string[] = [];
  const reviews = new Map<string, Review>();
  for (const [index, network] of parsed.cidrs.entries()) {
    const wanted = madeOnce(operation, index, context, () => ({
      id: rangeId ?? derivedId(id, index),
      cidr: formatCidr(network),
      effect,
      label,
      source: 'manual',
      keyId,
      expiresAt,
    }));
    const ensured = ensureRange(view, wanted, context.now);
    if (!ensured.added) continue;
    ranges.push(wanted);
    removedRangeIds.push(...ensured.removedRangeIds);
    for (const review of settledBy(view, wanted, network, context)) reviews.set(review.id, review);
  }
  return { ranges, removedRangeIds, reviews: [...reviews.values()] };
}

/**
 * A queue of edits is applied again whenever the state below it changes. What an add makes of its text is the same each
 * time, so it is kept with the operation, which never changes.
 */
const readings = new WeakMap<Operation, RangeTextResult>();
const made = new WeakMap<Operation, { readonly context: OperationContext; readonly ranges: Range[] }>();

function readOnce(operation: Operation, text: string, allowWide: boolean): RangeTextResult {
  const reading = readings.get(operation) ?? parseRangeText(text, { allowWide });
  readings.set(operation, reading);
  return reading;
}

function madeOnce(
  operation: Operation,
  index: number,
  context: OperationContext,
  fields: () => Parameters<typeof newRange>[0],
): Range {
  const kept = made.get(operation);
  const isSame = kept?.context.now === context.now && kept.context.author === context.author;
  const ranges = isSame ? kept.ranges : [];
  const range = ranges[index] ?? newRange(fields(), context);
  ranges[index] = range;
  if (!isSame) made.set(operation, { context, ranges });
  return range;
}

function updateRange(
  view: PolicyView,
  operation: OperationOf<'range.update'>,
  context: OperationContext,
): PolicyEffect {
  const before = view.range(operation.rangeId);
  if (before === undefined || isStale(before, operation)) return NO_EFFECT;
  const { label = before.label, effect = before.effect } = operation.changes;
  const { keyId = before.keyId, expiresAt = before.expiresAt } = operation.changes;
  if (operation.changes.expiresAt !== undefined && isExpired({ expiresAt }, context.now)) return NO_EFFECT;
  if (keyId !== null && view.key(keyId) === undefined) return NO_EFFECT;
  const after: Range = { ...before, label, effect, keyId, expiresAt, version: before.version + 1 };
  const same = view.same(after);
  const other = same === undefined || same.id === after.id ? undefined : same;
  if (other !== undefined && !isExpired(other, context.now)) return NO_EFFECT;
  return {
    ranges: [after],
    removedRangeIds: other === undefined ? [] : [other.id],
    reviews: settledBy(view, after, cidrOfText(after.cidr), context),
  };
}

function authorizeReview(
  view: PolicyView,
  operation: OperationOf<'review.authorize'>,
  context: OperationContext,
): PolicyEffect {
  const { id, reviewId, scope, durationSeconds, thisKeyOnly, note = '' } = operation;
  const review = view.review(reviewId);
  if (review?.status !== 'pending') return NO_EFFECT;
  const network = networkInScope(review, scope, view.account);
  if (network === undefined) return NO_EFFECT;
  const endsAtMs = durationSeconds === undefined ? null : context.now + durationSeconds * 1_000;
  const wanted = newRange(
    {
      id: derivedId(id),
      cidr: formatCidr(network),
      effect: 'authorize',
      label: note,
      source: 'approval',
      keyId: thisKeyOnly ? review.keyId : null,
      expiresAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
    },
    context,
  );
  return decided(view, review, 'authorized', { wanted, network }, note, context);
}

function denyReview(
  view: PolicyView,
  operation: OperationOf<'review.deny'>,
  context: OperationContext,
): PolicyEffect {
  const review = view.review(operation.reviewId);
  if (review?.status !== 'pending') return NO_EFFECT;
  const { note = '' } = operation;
  const network = operation.addDenyRange ? hostNetwork(review) : undefined;
  if (network === undefined) return decided(view, review, 'denied', null, note, context);
  const wanted = newRange(
    {
      id: derivedId(operation.id),
      cidr: formatCidr(network),
      effect: 'deny',
      label: note,
      source: 'denial',
      keyId: null,
      expiresAt: null,
    },
    context,
  );
  return decided(view, review, 'denied', { wanted, network }, note, context);
}

function decided(
  view: PolicyView,
  review: Review,
  status: 'authorized' | 'denied',
  by: { readonly wanted: Range; readonly network: Cidr } | null,
  note: string,
  context: OperationContext,
): PolicyEffect {
  const ensured = by === null ? null : ensureRange(view, by.wanted, context.now);
  const answered: Review = {
    ...review,
    status,
    decidedBy: context.author,
    decidedAt: new Date(context.now).toISOString(),
    note: note === '' ? null : note,
    rangeId: ensured?.range.id ?? null,
    version: review.version + 1,
  };
  const others =
    by === null || ensured === null
      ? []
      : settledBy(view, ensured.range, by.network, context).filter(({ id }) => id !== review.id);
  return {
    ranges: ensured?.added === true ? [ensured.range] : [],
    removedRangeIds: ensured?.removedRangeIds ?? [],
    reviews: [answered, ...others],
  };
}

/** The network that an approval lets in; undefined when the text means none, several, or one without the address. */
export function networkInScope(review: Review, scope: Scope, account: Account | null): Cidr | undefined {
  if (scope === 'address') return hostNetwork(review);
  const address = parseAddress(review.ip);
  if (!address.ok) return undefined;
  if (scope === 'subnet') return account === null ? undefined : subnetAround(address.address, account.grants);
  const parsed = parseRangeText(scope.cidr, { allowWide: scope.allowWide ?? false });
  const [network, ...more] = parsed.ok ? parsed.cidrs : [];
  const isOne = network !== undefined && more.length === 0;
  return isOne && cidrContains(network, address.address) ? network : undefined;
}

/** The network of the one address in question. */
export function hostNetwork(review: Pick<Review, 'ip'>): Cidr | undefined {
  const parsed = parseAddress(review.ip);
  return parsed.ok ? hostCidrOf(parsed.address) : undefined;
}

function cidrOfText(text: string): Cidr | undefined {
  const parsed = parseRangeText(text, { allowWide: true });
  return parsed.ok ? parsed.cidrs[0] : undefined;
}

/** The service's own window is known only while it is in use; this is its default (docs/behaviour.md 6). */
const USUAL_LEARNING_WINDOW_SECONDS = 30 * 86_400;

function setMode(account: Account | null, mode: Mode): PolicyEffect {
  if (account === null || account.mode === mode) return NO_EFFECT;
  const windowSeconds = account.learning?.windowSeconds ?? USUAL_LEARNING_WINDOW_SECONDS;
  const learning =
    mode === 'learning' ? { startedAt: null, lastNewAddressAt: null, windowSeconds, endsAt: null } : null;
  return { ...NO_EFFECT, account: { ...account, mode, learning } };
}
