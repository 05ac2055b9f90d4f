import type { AuditEvent } from '#shared/domain/entities';
import { auditWords, VIA_WORDS } from '../../domain/audit-words';
import type { Column } from '../../ui/data-grid';
import { LogTime } from '../../ui/relative-time';
import classes from './activity.module.css';

export const ACTIVITY_COLUMNS: readonly Column<AuditEvent>[] = [
  { id: 'time', header: 'Time', width: '108px', render: ({ at }) => <LogTime at={at} /> },
  {
    id: 'who',
    header: 'Who',
    width: 'minmax(140px, 1fr)',
    render: ({ actor }) => <span title={actor.name}>{actor.name}</span>,
  },
  {
    id: 'what',
    header: 'What',
    width: 'minmax(220px, 2.2fr)',
    render: (event) => <span title={auditWords(event)}>{auditWords(event)}</span>,
  },
  {
    id: 'via',
    header: 'Via',
    width: '88px',
    render: ({ via }) => <span className={classes.quiet}>{VIA_WORDS[via]}</span>,
  },
];
