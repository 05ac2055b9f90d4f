import { useCallback } from 'react';
import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { MOST_AT_ONCE } from '#shared/ipc/policy';
import { bridge } from '../../../bridge/bridge';
import { useReading } from '../../../bridge/use-reading';
import { useNow } from '../../../ui/clock';
import { impactSentences } from './impact';

/** Says what the ranges did in the last day. Its place is kept while that is read. */
export function ImpactLines({ ranges }: { readonly ranges: readonly Range[] }) {
  const ids = ranges.map(({ id }) => id).join(' ');
  const read = useCallback(
    () => bridge().calls.ranges.impact({ rangeIds: ids.split(' ').slice(0, MOST_AT_ONCE) }),
    [ids],
  );
  const { value, failure } = useReading(read, ids !== '');
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
