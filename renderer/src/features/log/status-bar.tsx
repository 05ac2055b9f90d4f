import { countOf } from '#shared/words';
import { MoreFailure } from '../../forms/feed-view';
import { logList, useLog } from '../../stores/log';
import { useLogFigures } from '../../stores/log-figures';
import { useMirror } from '../../stores/mirror';
import { useNow } from '../../ui/clock';
import { formatMoment } from '../../ui/format';
import classes from './log.module.css';

export function StatusBar() {
  const following = useLog((log) => log.following);
  const loaded = useLog((log) => log.rows.length);
  const complete = useLog((log) => log.nextCursor === null);
  const loading = useLog((log) => log.loadingMore || log.status === 'loading');
  const hasFailed = useLog((log) => log.moreFailure !== null);
  const found = useLogFigures((figures) => figures.count);
  const online = useMirror((mirror) => mirror.connection.kind === 'online');
  const lastSyncAt = useMirror((mirror) => mirror.lastSyncAt);
  const nowMs = useNow();

  const live = !online
    ? `Not live${lastSyncAt === null ? '' : `: as of ${formatMoment(lastSyncAt, nowMs)}`}`
    : following
      ? 'Live: new attempts appear on top'
      : 'Holding still: new attempts wait above';
  const count =
    found === null
      ? `${countOf(loaded, 'row')}${complete ? '' : ' loaded, more below'}`
      : `${countOf(found.rows, 'row')} on this computer${completeWords(found.completeFrom, nowMs)}`;
  return (
    <div className={classes.statusBar}>
      <span>{live}</span>
      {hasFailed ? <MoreFailure list={logList} /> : <span>{loading ? 'Loading…' : count}</span>}
    </div>
  );
}

function completeWords(completeFrom: string | null, nowMs: number): string {
  return completeFrom === null ? '' : `, all since ${formatMoment(completeFrom, nowMs)}`;
}
