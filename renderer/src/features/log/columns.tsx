import type { Attempt } from '#shared/domain/entities';
import { formatCount } from '#shared/words';
import { reasonWords } from '../../domain/reasons';
import { AddressText } from '../../ui/address-text';
import type { Column } from '../../ui/data-grid';
import { LogTime } from '../../ui/relative-time';
import { VerdictBadge } from '../../ui/verdict-badge';
import classes from './log.module.css';
import { agentColumnWords, requestLine } from './model';

export function Quiet({ text, title = text }: { readonly text: string; readonly title?: string }) {
  return (
    <span className={classes.quiet} title={title}>
      {text === '' ? '–' : text}
    </span>
  );
}

export const LOG_COLUMNS: readonly Column<Attempt>[] = [
  {
    id: 'time',
    header: 'Time',
    width: '92px',
    render: (attempt) => <LogTime at={attempt.lastAt} />,
  },
  {
    id: 'verdict',
    header: 'Verdict',
    width: '78px',
    render: (attempt) => <VerdictBadge verdict={attempt.verdict} />,
  },
  {
    id: 'reason',
    header: 'Reason',
    width: '118px',
    render: ({ reason }) => <span title={reasonWords(reason)}>{reasonWords(reason)}</span>,
  },
  {
    id: 'address',
    header: 'Address',
    // The longest IPv6 address fits into two lines, and at the usual window size into one.
    width: 'minmax(148px, 276px)',
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
    render: ({ keyName }) => <span title={keyName}>{keyName}</span>,
  },
  {
    id: 'request',
    header: 'Request',
    width: 'minmax(130px, 1.1fr)',
    fromWidth: 700,
    render: (attempt) => <Quiet text={requestLine(attempt)} />,
  },
  {
    id: 'agent',
    header: 'User agent',
    width: 'minmax(150px, 0.9fr)',
    fromWidth: 1_100,
    render: ({ userAgent }) => <Quiet text={agentColumnWords(userAgent ?? '')} title={userAgent ?? ''} />,
  },
  {
    id: 'count',
    header: 'Count',
    width: '50px',
    align: 'end',
    render: (attempt) => formatCount(attempt.count),
  },
];
