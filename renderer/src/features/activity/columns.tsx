import type { AuditEvent } from '#shared/domain/entities';
import { perLocale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { auditWords, authorName } from '../../domain/audit-words';
import type { Column } from '../../ui/data-grid';
import { LogTime } from '../../ui/relative-time';
import classes from './activity.module.css';

export const activityColumns = perLocale((): readonly Column<AuditEvent>[] => [
  { id: 'time', header: t('activity.time'), width: '108px', render: ({ at }) => <LogTime at={at} /> },
  {
    id: 'who',
    header: t('activity.who'),
    width: 'minmax(140px, 1fr)',
    render: (event) => <span title={authorName(event)}>{authorName(event)}</span>,
  },
  {
    id: 'what',
    header: t('activity.what'),
    width: 'minmax(220px, 2.2fr)',
    render: (event) => <span title={auditWords(event)}>{auditWords(event)}</span>,
  },
  {
    id: 'via',
    header: t('activity.via'),
    width: '88px',
    render: ({ via }) => <span className={classes.quiet}>{t(`activity.via_${via}`)}</span>,
  },
]);
