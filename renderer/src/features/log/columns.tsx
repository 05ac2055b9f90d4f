import type { Attempt } from '#shared/domain/entities';
import { REASON_WORDS } from '../../domain/reasons';
import { AddressText } from '../../ui/address-text';
import { useNow } from '../../ui/clock';
import type { Column } from '../../ui/data-grid';
import { formatCount, formatLogTime } from '../../ui/format';
import { VerdictBadge } from '../../ui/verdict-badge';
import classes from './log.module.css';
import { requestLine } from './model';

function LogTime({ at }: { readonly at: string }) {
  const nowMs = useNow();
  return (
    <time dateTime={at} className={classes.time}>
      {formatLogTime(at, nowMs)}
    </time>
  );
}

const Quiet = ({ text }: { readonly text: string }) => (
  <span className={classes.quiet} title={text}>
    {text === '' ? '–' : text}
  </span>
);

export const LOG_COLUMNS: readonly Column<Attempt>[] = [
  {
    id: 'time',
    header: 'Time',
    width: '98px',
    render: (attempt) => <LogTime at={attempt.lastAt} />,
  },
  {
    id: 'verdict',
    header: 'Verdict',
    width: '86px',
    render: (attempt) => <VerdictBadge verdict={attempt.verdict} />,
  },
  {
    id: 'reason',
    header: 'Reason',
    width: '124px',
    render: (attempt) => REASON_WORDS[attempt.reason],
  },
  {
    id: 'address',
    header: 'Address',
    width: 'minmax(132px, 1.6fr)',
    render: (attempt) => (
      <span title={attempt.ip}>
        <AddressText value={attempt.ip} />
      </span>
    ),
  },
  {
    id: 'key',
    header: 'API key',
    width: 'minmax(84px, 0.9fr)',
    render: (attempt) => attempt.keyName,
  },
  {
    id: 'request',
    header: 'Request',
    width: 'minmax(100px, 1.1fr)',
    fromWidth: 700,
    render: (attempt) => <Quiet text={requestLine(attempt)} />,
  },
  {
    id: 'count',
    header: 'Count',
    width: '50px',
    align: 'end',
    render: (attempt) => formatCount(attempt.count),
  },
  {
    id: 'agent',
    header: 'User agent',
    width: 'minmax(80px, 0.9fr)',
    fromWidth: 900,
    render: (attempt) => <Quiet text={attempt.userAgent ?? ''} />,
  },
];
