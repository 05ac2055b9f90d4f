import { type Cidr, formatCidr, parseRangeText } from '../ip/index';
import { t } from '../i18n/t';
import { isExpired } from './deciding-range';
import type { Range } from './entities';
import {
  type ChangeOf,
  NO_EFFECT,
  type OperationContext,
  type PolicyEffect,
  type PolicyOutcome,
  type PolicyView,
  type Refused,
  refused,
  type RuleContext,
} from './policy-state';
import { settledBy } from './settle-reviews';

/** Returns the networks that a text means (docs/behaviour.md 2), or the refusal. */
export function readNetworks(
  text: string,
  allowWide: boolean,
  field = 'cidr',
): { readonly cidrs: readonly Cidr[] } | Refused {
  const parsed = parseRangeText(text, { allowWide });
  if (parsed.ok) return { cidrs: parsed.cidrs };
  const code = parsed.error.code === 'too_wide' ? 'too_wide' : 'invalid_cidr';
  return refused(code, parsed.error.message, { field });
}

/** Returns a refusal if the key does not exist or the expiry is not in the future. */
export function limitsRefusal(
  view: Pick<PolicyView, 'hasKey'>,
  { keyId, expiresAt }: Pick<Range, 'keyId' | 'expiresAt'>,
  now: number,
  fieldPrefix = '',
): Refused | undefined {
  if (keyId !== null && !view.hasKey(keyId)) {
    return refused('invalid_request', t('refusals.noKey'), { field: `${fieldPrefix}keyId` });
  }
  if (!isExpired({ expiresAt }, now)) return undefined;
  return refused('invalid_request', t('refusals.expiryPassed'), {
    field: `${fieldPrefix}expiresAt`,
  });
}

/** Caches by operation, which never changes: a queue is applied again whenever the state below it changes, to the same ranges. */
const readings = new WeakMap<ChangeOf<'range.add'>, ReturnType<typeof readNetworks>>();
const made = new WeakMap<
  ChangeOf<'range.add'>,
  { readonly context: OperationContext; readonly ranges: (Range | undefined)[] }
>();

/** Returns the networks that a request means, read once for each request. */
export function networksOf(request: ChangeOf<'range.add'>): ReturnType<typeof readNetworks> {
  const reading = readings.get(request) ?? readNetworks(request.cidr, request.allowWide);
  readings.set(request, reading);
  return reading;
}

function madeOnce(request: ChangeOf<'range.add'>, index: number, cidr: Cidr, context: RuleContext): Range {
  let kept = made.get(request);
  if (kept?.context.now !== context.now || kept.context.author !== context.author) {
    kept = { context, ranges: [] };
    made.set(request, kept);
  }
  const { rangeId, effect, label, keyId, rangeExpiresAt: expiresAt } = request;
  const range =
    kept.ranges[index] ??
    newRange(
      { cidr, effect, label, source: 'manual', keyId, expiresAt },
      rangeId ?? context.newRangeId(index),
      context,
    );
  kept.ranges[index] = range;
  return range;
}

export type NewRange = Pick<Range, 'effect' | 'label' | 'source' | 'keyId' | 'expiresAt'> & {
  readonly cidr: Cidr;
};

function isoTimeOf(time: string | null): string | null {
  return time === null ? null : new Date(Date.parse(time)).toISOString();
}

export function newRange(
  { cidr, effect, label, source, keyId, expiresAt }: NewRange,
  id: string,
  { now, author }: OperationContext,
): Range {
  return {
    id,
    cidr: formatCidr(cidr),
    effect,
    label,
    source,
    sourceId: null,
    keyId,
    createdAt: new Date(now).toISOString(),
    createdBy: author,
    expiresAt: isoTimeOf(expiresAt),
    version: 1,
    lastUsedAt: null,
    uses: 0,
  };
}

/** Returns another range with the same identity; an expired one is removed to make room for `range`. */
function othersLike(
  view: PolicyView,
  range: Range,
  now: number,
): { readonly same?: Range; readonly expired: readonly Range[] } {
  const same = view.same(range);
  if (same === undefined || same.id === range.id) return { expired: [] };
  return isExpired(same, now) ? { expired: [same] } : { same, expired: [] };
}

/** Adds a range, or finds the one with the same identity. `answeredId` is the review whose answer adds the range. */
export function ensureRange(
  view: PolicyView,
  wanted: Range,
  context: OperationContext,
  answeredId?: string,
): { readonly range: Range; readonly isAdded: boolean; readonly effect: PolicyEffect } {
  const { same, expired } = othersLike(view, wanted, context.now);
  const range = same ?? wanted;
  const isAdded = same === undefined;
  const effect: PolicyEffect = { ...NO_EFFECT, ranges: isAdded ? [wanted] : [], removed: expired };
  // An existing range has settled reviews before, but not those that an answer settles now.
  const isSettling = isAdded || answeredId !== undefined;
  return {
    range,
    isAdded,
    effect: isSettling ? { ...effect, ...settledBy(view, range, context, answeredId) } : effect,
  };
}

/** Adds the one range, or the several ranges of a dash, that the text means: all or none. */
export function addRanges(
  view: PolicyView,
  request: ChangeOf<'range.add'>,
  context: RuleContext,
): PolicyOutcome {
  const { rangeId, keyId, rangeExpiresAt: expiresAt } = request;
  const reading = networksOf(request);
  if ('refusal' in reading) return reading;
  const { cidrs } = reading;
  if (rangeId !== undefined && cidrs.length > 1) {
    return refused('invalid_request', t('refusals.severalForOneId'), {
      field: 'rangeId',
    });
  }
  if (rangeId !== undefined && view.isTaken(rangeId)) {
    return refused('invalid_request', t('refusals.idTaken'), { field: 'rangeId' });
  }
  const limits = limitsRefusal(view, { keyId, expiresAt }, context.now);
  if (limits !== undefined) return limits;
  const effects: PolicyEffect[] = [];
  for (const [index, cidr] of cidrs.entries()) {
    const { range, isAdded, effect } = ensureRange(view, madeOnce(request, index, cidr, context), context);
    if (isAdded) effects.push(effect);
    // A part of a dash may exist already, and the rest is still wanted. A single range that exists is refused.
    else if (cidrs.length === 1) return duplicate(range, 'cidr');
  }
  if (effects.length === 0) {
    return refused('duplicate', t('refusals.allThere'), { field: 'cidr' });
  }
  return effects.length === 1 ? (effects[0] ?? NO_EFFECT) : together(effects);
}

function together(effects: readonly PolicyEffect[]): PolicyEffect {
  return {
    ...NO_EFFECT,
    ranges: effects.flatMap(({ ranges }) => ranges),
    removed: effects.flatMap(({ removed }) => removed),
    reviews: effects.flatMap(({ reviews }) => reviews),
    endedDenials: effects.flatMap(({ endedDenials }) => endedDenials),
  };
}

function duplicate(existing: Range, field: string): Refused {
  return refused('duplicate', t('refusals.there', { cidr: existing.cidr }), { field, existing });
}

/** Returns the range, or a refusal if a source keeps it or it is not in the version that the author saw. */
function editableRange(
  view: PolicyView,
  { rangeId, baseVersion }: ChangeOf<'range.update' | 'range.remove'>,
): Range | Refused {
  const range = view.range(rangeId);
  if (range === undefined) return refused('not_found', t('refusals.noRange'), { field: 'id' });
  if (range.sourceId !== null) return refused('kept_by_source', t('refusals.keptBySource'), { field: 'id' });
  if (baseVersion === undefined || range.version === baseVersion) return range;
  return refused('stale', t('refusals.rangeChanged'), { field: 'if-match', current: range });
}

export function updateRange(
  view: PolicyView,
  request: ChangeOf<'range.update'>,
  context: OperationContext,
): PolicyOutcome {
  const { changes } = request;
  const before = editableRange(view, request);
  if ('refusal' in before) return before;
  const { label = before.label, effect = before.effect } = changes;
  const { keyId = before.keyId, expiresAt = before.expiresAt } = changes;
  const limits = limitsRefusal(view, { keyId, expiresAt: changes.expiresAt ?? null }, context.now);
  if (limits !== undefined) return limits;
  const { version } = before;
  const after = { ...before, label, effect, keyId, expiresAt: isoTimeOf(expiresAt), version: version + 1 };
  const { same, expired } = othersLike(view, after, context.now);
  if (same !== undefined) return duplicate(same, 'effect');
  return { ...NO_EFFECT, ranges: [after], removed: expired, ...settledBy(view, after, context) };
}

/** Removes a range. Its addresses are unknown again, unless another range contains them. */
export function removeRange(view: PolicyView, change: ChangeOf<'range.remove'>): PolicyOutcome {
  const range = editableRange(view, change);
  return 'refusal' in range ? range : { ...NO_EFFECT, removed: [range] };
}
