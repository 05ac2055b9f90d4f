import { Button, SegmentedControl } from '@mantine/core';
import { IconLayoutDashboard } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { t } from '#shared/i18n/t';
import { momentWords } from '../../domain/span-words';
import { FailureMessage } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import { choosePeriod, openOverview, PERIODS, startOf, useOverview } from '../../stores/overview';
import { useNow } from '../../ui/clock';
import { EmptyState } from '../../ui/empty-state';
import { formatMoment } from '../../ui/format';
import { PageHeader } from '../../ui/page-header';
import { CallsPanel } from './calls-panel';
import { MapPanel } from './map-panel';
import { NeedsMe } from './needs-me';
import { NothingCalled } from './nothing-called';
import classes from './overview.module.css';
import { Rankings } from './rankings';

/** The first screen: what waits for a person, and what was called from where. Each mark leads to its calls in the log. */
export function OverviewScreen() {
  const nowMs = useNow();
  const period = useOverview((overview) => overview.period);
  const hasSynced = useMirror((mirror) => mirror.lastSyncAt !== null);
  const fromMs = startOf(period, nowMs);
  const [tries, setTries] = useState(0);
  useEffect(() => openOverview(period, fromMs), [period, fromMs, hasSynced, tries]);
  return (
    <>
      <PageHeader
        title={t('frame.screen_overview')}
        description={<Sources fromMs={fromMs} />}
        actions={
          <SegmentedControl
            aria-label={t('overview.period')}
            data={PERIODS.map((value) => ({ value, label: t(`overview.period_${value}`) }))}
            value={period}
            onChange={(value) => choosePeriod(PERIODS.find((one) => one === value) ?? period)}
          />
        }
      />
      <div className={classes.scroller}>
        <NeedsMe />
        <Figures fromMs={fromMs} onTryAgain={() => setTries(tries + 1)} />
      </div>
    </>
  );
}

/** Says which calls the figures count, and as of when they are if they do not change any more. */
function Sources({ fromMs }: { readonly fromMs: number }) {
  const nowMs = useNow();
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const lastSyncAt = useMirror((mirror) => mirror.lastSyncAt);
  const completeFrom = useOverview(({ figures }) => figures.timeline?.completeFrom ?? null);
  const since = momentWords(fromMs, nowMs);
  return (
    <>
      {isOnline || lastSyncAt === null
        ? t('overview.callsSince', { since })
        : t('overview.callsSinceAsOf', { since, asOf: formatMoment(lastSyncAt, nowMs) })}
      {completeFrom !== null &&
        Date.parse(completeFrom) > fromMs &&
        ` ${t('overview.incomplete', { since: formatMoment(completeFrom, nowMs) })}`}
    </>
  );
}

interface FiguresProps {
  readonly fromMs: number;
  readonly onTryAgain: () => void;
}

function Figures({ fromMs, onTryAgain }: FiguresProps) {
  const figures = useOverview((overview) => overview.figures);
  const hasFailed = figures.failure !== null && figures.timeline === null;
  if (hasFailed) {
    return (
      <EmptyState
        icon={<IconLayoutDashboard size={26} stroke={1.6} />}
        title={t('overview.failed')}
        actions={<Button onClick={onTryAgain}>{t('frame.tryAgain')}</Button>}
      >
        <FailureMessage failure={figures.failure} />
      </EmptyState>
    );
  }
  if (figures.hasRows === false) return <NothingCalled />;
  return (
    <div className={classes.figures}>
      {figures.timeline === null && (
        <div className={classes.loading} role="status" aria-label={t('overview.loading')} />
      )}
      <CallsPanel fromMs={fromMs} timeline={figures.timeline} />
      <MapPanel fromMs={fromMs} countries={figures.countries} />
      <Rankings fromMs={fromMs} figures={figures} />
    </div>
  );
}
