import { Progress, Tooltip } from '@mantine/core';
import { learningDueMs } from '#shared/domain/learning-end';
import { SECOND_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import { useMirror } from '../../stores/mirror';
import { useNow } from '../../ui/clock';
import { formatAgo, formatDateTime, formatUntil } from '../../ui/format';
import classes from './protection.module.css';

/** Counts down to the end of learning, which each new address puts off. */
export function LearningEnd() {
  const learning = useMirror((mirror) => mirror.account?.learning ?? null);
  const nowMs = useNow();
  if (learning === null) return null;
  const { endsAt, lastNewAddressAt, windowSeconds } = learning;
  if (endsAt === null) return <p className={classes.summary}>{t('protection.learningStarts')}</p>;
  const endsAtMs = Date.parse(endsAt);
  const windowMs = windowSeconds * SECOND_MS;
  const passed = Math.min(1, Math.max(0, 1 - (endsAtMs - nowMs) / windowMs));
  const isDue = nowMs >= learningDueMs({ endsAtMs, windowMs });
  const words = t('protection.learningEnds', { when: formatUntil(endsAt, nowMs) });
  return (
    <div className={classes.countdown} data-due={isDue ? '' : undefined}>
      <Tooltip label={formatDateTime(endsAt)}>
        <p>{words}</p>
      </Tooltip>
      <Progress
        value={passed * 100}
        color={isDue ? 'var(--gh-pending)' : 'indigo'}
        size="sm"
        aria-label={words}
      />
      {lastNewAddressAt !== null && (
        <p className={classes.quiet}>
          {t('protection.lastNewAddress', { moment: formatAgo(lastNewAddressAt, nowMs) })}
        </p>
      )}
    </div>
  );
}
