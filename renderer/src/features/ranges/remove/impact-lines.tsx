import { useCallback } from 'react';
import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { MOST_AT_ONCE } from '#shared/ipc/policy';
import { bridge } from '../../../bridge/bridge';
import { type Reading, useReading } from '../../../bridge/use-reading';
import { useNow } from '../../../ui/clock';
import { type Impact, impactSentences, isWholeDay } from './impact';

/** Reads what the ranges did in the last day. `isTold` is true once all of that can be shown. */
export function useImpact(ranges: readonly Range[]): Reading<Impact> & { readonly isTold: boolean } {
  const ids = ranges.map(({ id }) => id).join(' ');
  const read = useCallback(
    () => bridge().calls.ranges.impact({ rangeIds: ids.split(' ').slice(0, MOST_AT_ONCE) }),
    [ids],
  );
  const impact = useReading(read, ids !== '');
  return { ...impact, isTold: impact.value !== null && isWholeDay(impact.value) };
}

interface ImpactLinesProps {
  readonly ranges: readonly Range[];
  readonly impact: Reading<Impact>;
}

/** Says what the ranges did in the last day. Its place is kept while that is read. */
export function ImpactLines({ ranges, impact: { value, failure } }: ImpactLinesProps) {
  const nowMs = useNow();
  const sentences =
    value !== null
      ? impactSentences(value, ranges, nowMs)
      : [failure === null ? t('ranges.impactLoading') : t('ranges.impactUnknown')];
  return (
    <p role="status" aria-label={t('ranges.impact')}>
      {sentences.join(' ')}
    </p>
  );
}
