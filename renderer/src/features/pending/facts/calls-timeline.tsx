import { useMemo } from 'react';
import type { Review } from '#shared/domain/entities';
import { callsOfReview } from '#shared/domain/review-subject';
import { t } from '#shared/i18n/t';
import { useNow } from '../../../ui/clock';
import { formatAgo } from '../../../ui/format';
import { TimelineChart } from '../../../ui/timeline-chart';
import { timelineOf, timelineSentence } from './timeline';
import { useAttempts } from './use-attempts';

/** Shows the calls of the address with this key, as far as the log is available. Keeps its height while it loads. */
export function CallsTimeline({ review }: { readonly review: Review }) {
  const { rows, status } = useAttempts({ ip: callsOfReview(review), keyId: review.keyId });
  const nowMs = useNow();
  const timeline = useMemo(() => timelineOf(rows, nowMs), [rows, nowMs]);
  const label =
    status === 'failed'
      ? t('review.callsNotKnown')
      : t('review.callsOverTime', { sentence: timelineSentence(timeline, rows, nowMs) });
  return (
    <TimelineChart
      bins={timeline.bins}
      label={label}
      from={status === 'failed' ? t('review.logNotReached') : formatAgo(timeline.from, nowMs)}
      to={t('times.now')}
    />
  );
}
