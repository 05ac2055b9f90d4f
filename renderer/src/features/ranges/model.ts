import { cidrOfRange, isExpired } from '#shared/domain/deciding-range';
import type { Account, Effect, Key, Range } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { addressCount, compareCidrs, parseRangeText, cidrsOverlap } from '#shared/ip/index';
import { expiresAtOf, expiryProblem } from '../../domain/expiry';
import { rangeChanges, type RangeChanges, type RangeValues } from '../../forms/range-values';
import type { RangeDraft } from '../../stores/ui';
import { capital, formatAddressCount, formatAgo, formatUntil } from '../../ui/format';

export function sourceWords({ source }: Range): string {
  return t(`ranges.source_${source}`);
}

export function authorWords({ createdBy }: Range): string {
  return createdBy === 'system' ? t('ranges.byService') : t('ranges.by', { author: createdBy });
}

/** Sorts by address. Narrower ranges come below the wider ones that contain them. */
export function sortRanges(ranges: readonly Range[]): readonly Range[] {
  return [...ranges].sort((a, b) => {
    const [cidrA, cidrB] = [cidrOfRange(a), cidrOfRange(b)];
    if (cidrA === undefined || cidrB === undefined) return a.cidr < b.cidr ? -1 : 1;
    return compareCidrs(cidrA, cidrB) || (a.id < b.id ? -1 : 1);
  });
}

/** Returns the ranges of one effect with the searched text in range, label, author or key, or that overlap with it. */
export function findRanges(
  ranges: Iterable<Range>,
  effect: Effect,
  search: string,
  keyNameOf: (keyId: string | null) => string,
): readonly Range[] {
  const needle = search.trim().toLowerCase();
  const read = parseRangeText(search, { allowWide: true });
  const fits = (range: Range): boolean => {
    if (range.effect !== effect && range.effect !== UNRECOGNISED) return false;
    if (needle === '') return true;
    const text = [range.cidr, range.label, authorWords(range), keyNameOf(range.keyId), sourceWords(range)];
    if (text.some((part) => part.toLowerCase().includes(needle))) return true;
    const cidr = cidrOfRange(range);
    return read.ok && cidr !== undefined && read.cidrs.some((wanted) => cidrsOverlap(wanted, cidr));
  };
  return sortRanges([...ranges].filter(fits));
}

export function countByEffect(ranges: Iterable<Range>): Readonly<Record<Effect, number>> {
  const counts = { authorize: 0, deny: 0 };
  for (const { effect } of ranges) {
    // A range with an unknown effect is counted in both lists, because it may belong to either.
    if (effect !== 'deny') counts.authorize += 1;
    if (effect !== 'authorize') counts.deny += 1;
  }
  return counts;
}

export function keyWords(keys: ReadonlyMap<string, Key>, keyId: string | null): string {
  return keyId === null ? t('ranges.allKeys') : (keys.get(keyId)?.name ?? t('ranges.removedKey'));
}

/** Returns the number of addresses in a range, in text. */
export function sizeWords(range: Range): string {
  const cidr = cidrOfRange(range);
  if (cidr === undefined) return t('ranges.unknownSize');
  const count = addressCount(cidr);
  return count === 1n ? t('ranges.oneAddress') : t('ranges.addresses', { number: formatAddressCount(count) });
}

export function expiryWords(range: Range, nowMs: number): string {
  return range.expiresAt === null
    ? t('ranges.never')
    : isExpired(range, nowMs)
      ? t('ranges.expired', { moment: formatAgo(range.expiresAt, nowMs) })
      : capital(formatUntil(range.expiresAt, nowMs));
}

export function doneWords(done: 'changed' | 'removed', { cidr: range }: Range, isOnline: boolean): string {
  return isOnline ? t(`ranges.${done}`, { range }) : t(`ranges.${done}Later`, { range });
}

/** Describes the consequences of removing a range. */
export function removalSentences(range: Range, mode: Account['mode'], nowMs: number): readonly string[] {
  if (isExpired(range, nowMs)) return [t('ranges.removesNothing')];
  if (range.effect === 'deny') return [t('ranges.removesDenial')];
  const used =
    range.uses === 0 || range.lastUsedAt === null
      ? t('ranges.notUsedYet')
      : t('ranges.hasLetIn', { count: range.uses, moment: formatAgo(range.lastUsedAt, nowMs) });
  const blocked = mode === 'deactivated' ? t('ranges.acceptedAnyway') : t('ranges.blockedThen');
  return [`${used} ${blocked}`];
}

/** In automatic and learning mode a removed range can come back by itself. */
export function mayComeBack(range: Range, mode: Account['mode']): boolean {
  return range.effect === 'authorize' && (mode === 'automatic' || mode === 'learning');
}

function isNothing(changes: RangeChanges): boolean {
  return Object.keys(changes).length === 0;
}

/** Difference between a range as somebody saw it and as it is now. */
export type Difference =
  /** No editable field differs; the version may be newer. */
  | { readonly kind: 'same'; readonly version: number }
  | { readonly kind: 'changed'; readonly now: Range; readonly changes: RangeChanges }
  | { readonly kind: 'removed' };

/** `sent` is the range as this form is saving it, which is no change by others; null while nothing is being saved. */
export function differenceOf(seen: Range, shown: Range | null, sent: Range | null): Difference {
  if (shown === null) return { kind: 'removed' };
  // An undone operation leaves another state with the same version.
  const changes = rangeChanges(seen, shown);
  return isNothing(changes) || (sent !== null && isNothing(rangeChanges(sent, shown)))
    ? { kind: 'same', version: shown.version }
    : { kind: 'changed', now: shown, changes };
}

/** Turns values typed for a removed range into the draft of a new one. An impossible end is left out. */
export function draftOf({ text, effect, label, keyId, expiry }: RangeValues, nowMs: number): RangeDraft {
  return {
    text,
    effect,
    label,
    keyId,
    expiresAt: expiryProblem(expiry, nowMs) === null ? expiresAtOf(expiry, nowMs) : null,
  };
}
