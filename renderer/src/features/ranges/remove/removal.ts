import { coveredRanges } from '#shared/domain/covering-range';
import { decidingRangeOf, isExpired } from '#shared/domain/deciding-range';
import type { Account, Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { listed, rangeName } from '../../../domain/range-words';
import { formatAgo } from '../../../ui/format';

const MOST_NAMED = 5;

/** Returns those of the ranges whose calls get the same verdict from another range, which stays, each with that one's id. */
export function stillCovered(
  removed: readonly Range[],
  all: Iterable<Range>,
  nowMs: number,
): ReadonlyMap<string, string> {
  const by = new Map<string, string>();
  const deciding = [...all].flatMap((range) => decidingRangeOf(range) ?? []);
  for (const [range, cover] of coveredRanges(deciding, nowMs)) by.set(range.id, cover.id);
  const isRemoved = new Set(removed.map(({ id }) => id));
  const covered = new Map<string, string>();
  for (const { id } of removed) {
    let cover = by.get(id);
    while (cover !== undefined && isRemoved.has(cover)) cover = by.get(cover);
    if (cover !== undefined) covered.set(id, cover);
  }
  return covered;
}

/** Describes the consequences of removing ranges. `coverNames` are those of the ranges that go on deciding the same. */
export function removalSentences(
  ranges: readonly Range[],
  mode: Account['mode'],
  covers: ReadonlyMap<string, Range>,
  nowMs: number,
): readonly string[] {
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined) return oneRemoval(only, mode, covers.get(only.id), nowMs);
  const isLive = (range: Range): boolean => !isExpired(range, nowMs);
  const uncovered = ranges.filter((range) => isLive(range) && !covers.has(range.id));
  const blocking = uncovered.filter(({ effect }) => effect === 'authorize').length;
  const denials = uncovered.filter(({ effect }) => effect !== 'authorize').length;
  const expired = ranges.filter((range) => !isLive(range)).length;
  return [
    `${listed(ranges.map(rangeName), MOST_NAMED, ', ')}.`,
    ...(blocking === 0
      ? []
      : [
          t(mode === 'deactivated' ? 'ranges.acceptedAnywayMany' : 'ranges.blockedThenMany', {
            count: blocking,
          }),
        ]),
    ...(denials === 0 ? [] : [t('ranges.removesDenials', { count: denials })]),
    ...(covers.size === 0 ? [] : [t('ranges.coveredMany', { count: covers.size })]),
    ...(expired === 0 ? [] : [t('ranges.removesExpired', { count: expired })]),
  ];
}

function oneRemoval(
  range: Range,
  mode: Account['mode'],
  cover: Range | undefined,
  nowMs: number,
): readonly string[] {
  if (isExpired(range, nowMs)) return [t('ranges.removesNothing')];
  if (cover !== undefined) return [t('ranges.coveredStill', { range: rangeName(cover) })];
  if (range.effect === 'deny') return [t('ranges.removesDenial')];
  const used =
    range.uses === 0 || range.lastUsedAt === null
      ? t('ranges.notUsedYet')
      : t('ranges.hasLetIn', { count: range.uses, moment: formatAgo(range.lastUsedAt, nowMs) });
  const blocked = mode === 'deactivated' ? t('ranges.acceptedAnyway') : t('ranges.blockedThen');
  return [`${used} ${blocked}`];
}

/** In automatic and learning mode a removed range can come back by itself. */
export function mayComeBack(ranges: readonly Range[], mode: Account['mode']): boolean {
  return ranges.some(({ effect }) => effect === 'authorize') && (mode === 'automatic' || mode === 'learning');
}
