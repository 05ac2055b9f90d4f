import { UnstyledButton } from '@mantine/core';
import { t } from '#shared/i18n/t';
import type { LogTimeline } from '#shared/ipc/log';
import { formatCount } from '#shared/words';
import { CallsTimeline } from '../../forms/calls-timeline';
import type { LogDraft } from '../../stores/log-draft';
import { showLogWith } from '../../stores/ui';
import classes from './overview.module.css';

interface CallsPanelProps {
  readonly fromMs: number;
  readonly timeline: LogTimeline | null;
}

/** The allowed and blocked calls over time. A bar, or a part of the time, leads to its calls in the log. */
export function CallsPanel({ fromMs, timeline }: CallsPanelProps) {
  const buckets = timeline?.buckets ?? [];
  const allowed = buckets.reduce((sum, bucket) => sum + bucket.allowed, 0);
  const blocked = buckets.reduce((sum, bucket) => sum + bucket.blocked, 0);
  const show = (filter: Partial<LogDraft>) => (): void => showLogWith({ fromMs, ...filter });
  return (
    <section className={classes.calls} aria-label={t('overview.callsOverTime')}>
      <div className={classes.totals}>
        {timeline !== null && (
          <>
            <Total
              count={allowed + blocked}
              words={t('overview.totalCalls', { count: allowed + blocked })}
              onOpen={show({})}
            />
            <Total
              count={allowed}
              kind="allowed"
              words={t('overview.totalAllowed', { count: allowed })}
              onOpen={show({ verdict: 'allowed' })}
            />
            <Total
              count={blocked}
              kind="blocked"
              words={t('overview.totalBlocked', { count: blocked })}
              onOpen={show({ verdict: 'blocked' })}
            />
          </>
        )}
      </div>
      <div className={classes.timeline}>
        {timeline !== null && (
          <CallsTimeline timeline={timeline} asked={{ fromMs, toMs: null }} isLarge onChoose={showLogWith} />
        )}
      </div>
    </section>
  );
}

interface TotalProps {
  readonly count: number;
  readonly words: string;
  readonly kind?: 'allowed' | 'blocked';
  readonly onOpen: () => void;
}

function Total({ count, words, kind, onOpen }: TotalProps) {
  return (
    <UnstyledButton className={classes.total} title={t('overview.inLog')} onClick={onOpen}>
      <span className={classes.number}>{formatCount(count)}</span>{' '}
      <span className={classes.of}>
        {kind !== undefined && <span className={classes.sample} data-kind={kind} aria-hidden />}
        {words}
      </span>
    </UnstyledButton>
  );
}
