import { useEffect, useId, useState } from 'react';
import { isNetworkRow, type Attempt } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import type { LogGroup, LogTimeline } from '#shared/ipc/log';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { momentWords } from '../../domain/span-words';
import { useNow } from '../../ui/clock';
import { TimelineChart } from '../../ui/timeline-chart';
import classes from './details.module.css';

const MOST_BUCKETS = 40;

interface Found {
  readonly of: string;
  readonly timeline: LogTimeline;
  readonly group: LogGroup | undefined;
}

/** Shows all calls of the row's address that are on this computer, over time. */
export function History({ attempt }: { readonly attempt: Attempt }) {
  const titleId = useId();
  const found = useHistory(attempt);
  const nowMs = useNow();
  if (found === null) return <div className={classes.history} />;
  const { buckets, from, completeFrom } = found.timeline;
  const allowed = buckets.reduce((sum, bucket) => sum + bucket.allowed, 0);
  const blocked = buckets.reduce((sum, bucket) => sum + bucket.blocked, 0);
  const first = momentWords(Date.parse(found.group?.firstAt ?? attempt.firstAt), nowMs);
  const words = t('log.historyWords', { count: allowed + blocked, first, blocked });
  return (
    <section className={classes.history} aria-labelledby={titleId}>
      <h3 id={titleId} className={classes.sectionTitle}>
        {t(isNetworkRow(attempt) ? 'log.history_network' : 'log.history')}
      </h3>
      <p>{words}</p>
      {buckets.length > 0 && (
        <div className={classes.chart}>
          <TimelineChart
            bins={buckets}
            label={words}
            from={momentWords(Date.parse(from), nowMs)}
            to={momentWords(nowMs, nowMs)}
          />
        </div>
      )}
      {completeFrom !== null && (
        <p className={classes.asking}>
          {t('log.historyPart', { moment: momentWords(Date.parse(completeFrom), nowMs) })}
        </p>
      )}
    </section>
  );
}

function useHistory({ seq, ip }: Attempt): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const read = async (): Promise<void> => {
      const { log } = bridge().calls;
      const filter = { ip };
      const groups = await settle(() => log.groups({ filter, by: 'address', offset: 0, limit: 1 }));
      const timeline = await settle(() => log.timeline({ filter, mostBuckets: MOST_BUCKETS }));
      if (!isCurrent || !timeline.ok) return;
      setFound({ of: ip, timeline: timeline.value, group: groups.ok ? groups.value.groups[0] : undefined });
    };
    void read();
    return () => {
      isCurrent = false;
    };
  }, [seq, ip]);
  return found?.of === ip ? found : null;
}
