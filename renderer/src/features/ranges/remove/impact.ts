import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import type { CallResponse } from '#shared/ipc/derive';
import { formatMoment } from '../../../ui/format';

/** The calls of the last day that ranges decided about, as far as the log on this computer reaches. */
export type Impact = CallResponse<'ranges', 'impact'>;

interface Sums {
  readonly calls: number;
  readonly keys: number;
  readonly ranges: number;
}

/** Sums up what the ranges let in or turned away. */
export function sumsOf({ calls }: Impact, ranges: readonly Range[], verdict: 'allowed' | 'blocked'): Sums {
  const ids = new Set(ranges.map(({ id }) => id));
  const found = calls.filter((each) => ids.has(each.rangeId) && each[verdict] > 0);
  return {
    calls: found.reduce((sum, each) => sum + each[verdict], 0),
    keys: new Set(found.map(({ keyId }) => keyId)).size,
    ranges: new Set(found.map(({ rangeId }) => rangeId)).size,
  };
}

/** Returns true if the log on this computer holds the whole of the last day. */
export function isWholeDay({ from, completeFrom }: Impact): boolean {
  return completeFrom === null || completeFrom <= from;
}

function spanWords(impact: Impact, nowMs: number): string {
  return impact.completeFrom === null || isWholeDay(impact)
    ? t('ranges.inLastDay')
    : t('ranges.sinceLogBegins', { moment: formatMoment(impact.completeFrom, nowMs) });
}

/** Returns for example `In the last day it served 12,345 calls with 2 keys.` */
export function impactSentences(impact: Impact, ranges: readonly Range[], nowMs: number): readonly string[] {
  const span = spanWords(impact, nowMs);
  const isOne = ranges.length === 1;
  return (['authorize', 'deny'] as const).flatMap((effect) => {
    const those = ranges.filter((range) => range.effect === effect);
    if (those.length === 0) return [];
    const { calls, keys, ranges: number } = sumsOf(impact, those, effect === 'deny' ? 'blocked' : 'allowed');
    if (calls === 0)
      return [t(isOne ? `ranges.impactNone_${effect}` : `ranges.impactNoneMany_${effect}`, { span })];
    const facts = {
      span,
      calls: t('ranges.nCalls', { count: calls }),
      keys: t('ranges.nKeys', { count: keys }),
    };
    return [
      isOne
        ? t(`ranges.impact_${effect}`, facts)
        : t(`ranges.impactMany_${effect}`, { ...facts, count: number }),
    ];
  });
}
