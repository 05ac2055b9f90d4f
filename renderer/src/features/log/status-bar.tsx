import { t } from '#shared/i18n/t';
import { MoreFailure } from '../../forms/feed-view';
import { logList, useLog } from '../../stores/log';
import { useLogFigures } from '../../stores/log-figures';
import { useMirror } from '../../stores/mirror';
import { useNow } from '../../ui/clock';
import { formatMoment } from '../../ui/format';
import classes from './log.module.css';

export function StatusBar() {
  const hasFailed = useLog((log) => log.moreFailure !== null);
  return (
    <div className={classes.statusBar}>
      <span>{useLiveWords()}</span>
      {hasFailed ? <MoreFailure list={logList} /> : <RowCount />}
    </div>
  );
}

function useLiveWords(): string {
  const following = useLog((log) => log.following);
  const toMs = useLog((log) => log.filter.toMs);
  const online = useMirror((mirror) => mirror.connection.kind === 'online');
  const lastSyncAt = useMirror((mirror) => mirror.lastSyncAt);
  const nowMs = useNow();
  if (!online) {
    return lastSyncAt === null
      ? t('log.notLive')
      : t('log.notLiveAsOf', { moment: formatMoment(lastSyncAt, nowMs) });
  }
  if (toMs !== undefined && toMs <= nowMs) return t('log.timeIsOver');
  return t(following ? 'log.live' : 'log.holdingStill');
}

function RowCount() {
  const loaded = useLog((log) => log.rows.length);
  const complete = useLog((log) => log.nextCursor === null);
  const loading = useLog((log) => log.loadingMore || log.status === 'loading');
  const found = useLogFigures((figures) => figures.count);
  const nowMs = useNow();
  if (loading) return <span>{t('log.loadingRows')}</span>;
  if (found === null) {
    return <span>{t(complete ? 'log.loadedRows' : 'log.loadedRowsAndMore', { count: loaded })}</span>;
  }
  const { rows: count, completeFrom } = found;
  return (
    <span>
      {completeFrom === null
        ? t('log.rowsHere', { count })
        : t('log.rowsHereSince', { count, moment: formatMoment(completeFrom, nowMs) })}
    </span>
  );
}
