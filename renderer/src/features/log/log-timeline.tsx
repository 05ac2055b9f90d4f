import { SECOND_MS } from '#shared/durations';
import type { LogTimeline as Timeline } from '#shared/ipc/log';
import { countOf, formatCount } from '#shared/words';
import { useLogFigures } from '../../stores/log-figures';
import { changeLogDraft, useUi } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { TimelineBrush } from '../../ui/timeline-brush';
import { TimelineChart } from '../../ui/timeline-chart';
import classes from './log.module.css';
import { momentWords, timeWords } from './model';

/** Shows the allowed and blocked calls of the filtered log over time. Keeps its height while they are not known. */
export function LogTimeline() {
  const timeline = useLogFigures((figures) => figures.timeline);
  return (
    <div className={classes.timeline}>
      {timeline !== null && timeline.buckets.length > 0 && <Chart timeline={timeline} />}
    </div>
  );
}

function Chart({ timeline: { from, bucketSeconds, buckets } }: { readonly timeline: Timeline }) {
  const nowMs = useNow();
  const fromMs = useUi((ui) => ui.logDraft.fromMs);
  const toMs = useUi((ui) => ui.logDraft.toMs);
  const timeOf = (bucket: number): number => Date.parse(from) + bucket * bucketSeconds * SECOND_MS;
  const callsOf = (start: number, end: number): string => {
    const chosen = buckets.slice(start, end);
    const allowed = chosen.reduce((sum, bucket) => sum + bucket.allowed, 0);
    const blocked = chosen.reduce((sum, bucket) => sum + bucket.blocked, 0);
    return `${countOf(allowed, 'call')} allowed, ${formatCount(blocked)} blocked`;
  };
  const first = momentWords(timeOf(0), nowMs);
  const last = momentWords(timeOf(buckets.length), nowMs);
  return (
    <>
      <TimelineChart
        bins={buckets}
        label={`From ${first} to ${last}: ${callsOf(0, buckets.length)}`}
        from={first}
        to={last}
      />
      <TimelineBrush
        label="Choose a time"
        buckets={buckets.length}
        // With another filter nothing is chosen any more, also before its timeline is there.
        scale={`${from} ${bucketSeconds} ${fromMs} ${toMs}`}
        timeWords={(start, end) => timeWords({ fromMs: timeOf(start), toMs: timeOf(end) }, nowMs)}
        contentWords={callsOf}
        // The first and the last bucket may reach beyond the time that is shown.
        onChoose={(start, end) =>
          changeLogDraft({
            fromMs: Math.max(timeOf(start), fromMs ?? 0),
            toMs: Math.min(timeOf(end), toMs ?? Infinity),
          })
        }
        onClear={() => changeLogDraft({ fromMs: null, toMs: null })}
      />
    </>
  );
}
