import { SECOND_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import type { LogTimeline } from '#shared/ipc/log';
import { momentWords, type Span, spanWords } from '../domain/span-words';
import { useNow } from '../ui/clock';
import { TimelineBrush } from '../ui/timeline-brush';
import { TimelineChart } from '../ui/timeline-chart';

interface CallsTimelineProps {
  readonly timeline: LogTimeline;
  /** The time that the timeline was asked for. */
  readonly asked: Span;
  /** True for a large picture, in which a press on a bar chooses its time. */
  readonly isLarge?: boolean;
  readonly onChoose: (span: { readonly fromMs: number; readonly toMs: number }) => void;
  /** Called for Escape while nothing is chosen. */
  readonly onClear?: () => void;
}

/** In a large picture a thinner bar is seen. */
const LEAST_SHARE = 0.03;

/** Shows allowed and blocked calls over time, of which a part can be chosen. Stands in a box that is positioned. */
export function CallsTimeline({ timeline, asked, isLarge = false, onChoose, onClear }: CallsTimelineProps) {
  const { from, bucketSeconds, buckets } = timeline;
  const { fromMs, toMs } = asked;
  const nowMs = useNow();
  if (buckets.length === 0) return null;
  const timeOf = (bucket: number): number => Date.parse(from) + bucket * bucketSeconds * SECOND_MS;
  const callsOf = (start: number, end: number): string => {
    const chosen = buckets.slice(start, end);
    const allowed = chosen.reduce((sum, bucket) => sum + bucket.allowed, 0);
    const blocked = chosen.reduce((sum, bucket) => sum + bucket.blocked, 0);
    return t('pictures.allowedAndBlocked', { count: allowed, blocked });
  };
  // The first and the last bucket may reach beyond the time that was asked for.
  const first = momentWords(Math.max(timeOf(0), fromMs ?? 0), nowMs);
  const last = momentWords(Math.min(timeOf(buckets.length), toMs ?? nowMs), nowMs);
  return (
    <>
      <TimelineChart
        bins={buckets}
        label={t('pictures.callsOverTime', { first, last, calls: callsOf(0, buckets.length) })}
        {...(isLarge && { leastShare: LEAST_SHARE })}
        from={first}
        to={last}
      />
      <TimelineBrush
        label={t('pictures.chooseTime')}
        buckets={buckets.length}
        // With another filter nothing is chosen any more, also before its timeline is there.
        scale={`${from} ${bucketSeconds} ${fromMs} ${toMs}`}
        isPressable={isLarge}
        timeWords={(start, end) => spanWords({ fromMs: timeOf(start), toMs: timeOf(end) }, nowMs)}
        contentWords={callsOf}
        onChoose={(start, end) =>
          onChoose({
            fromMs: Math.max(timeOf(start), fromMs ?? 0),
            toMs: Math.min(timeOf(end), toMs ?? Infinity),
          })
        }
        onClear={() => onClear?.()}
      />
    </>
  );
}
