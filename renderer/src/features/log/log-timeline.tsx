import { SECOND_MS } from '#shared/durations';
import { countOf, formatCount } from '#shared/words';
import { useLogFigures } from '../../stores/log-figures';
import { useNow } from '../../ui/clock';
import { formatShortMoment } from '../../ui/format';
import { TimelineChart } from '../../ui/timeline-chart';
import classes from './log.module.css';

/** Shows the allowed and blocked calls of the filtered log over time. Keeps its height while they are not known. */
export function LogTimeline() {
  const timeline = useLogFigures((figures) => figures.timeline);
  const nowMs = useNow();
  if (timeline === null || timeline.buckets.length === 0) return <div className={classes.timeline} />;
  const { buckets, bucketSeconds } = timeline;
  const lengthMs = buckets.length * bucketSeconds * SECOND_MS;
  const from = formatShortMoment(timeline.from, nowMs);
  const to = formatShortMoment(new Date(Date.parse(timeline.from) + lengthMs).toISOString(), nowMs);
  const allowed = buckets.reduce((sum, bucket) => sum + bucket.allowed, 0);
  const blocked = buckets.reduce((sum, bucket) => sum + bucket.blocked, 0);
  return (
    <div className={classes.timeline}>
      <TimelineChart
        bins={buckets}
        label={`From ${from} to ${to}: ${countOf(allowed, 'call')} allowed, ${formatCount(blocked)} blocked`}
        from={from}
        to={to}
      />
    </div>
  );
}
