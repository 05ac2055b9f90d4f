import { useId } from 'react';
import type { AuditEvent } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { auditWords, authorName, factChanges } from '../../domain/audit-words';
import type { DetailsProps } from '../../forms/feed-view';
import { useMirror } from '../../stores/mirror';
import { formatDateTime } from '../../ui/format';
import { SidePanel } from '../../ui/split-view';
import classes from './activity.module.css';

export function Details({ row: event, panelRef, onClose }: DetailsProps<AuditEvent>) {
  const titleId = useId();
  const keys = useMirror((mirror) => mirror.keys);
  const changes = factChanges(event, (id) => keys.get(id)?.name ?? id);
  return (
    <SidePanel
      labelledBy={titleId}
      panelRef={panelRef}
      onClose={onClose}
      head={
        <h2 id={titleId} className={classes.what}>
          {auditWords(event)}
        </h2>
      }
    >
      <p className={classes.quiet}>
        {t(`activity.done_${event.via}`, { actor: authorName(event), time: formatDateTime(event.at) })}
      </p>
      {changes.length === 0 ? (
        <p className={classes.none}>{t('activity.nothingRecorded')}</p>
      ) : (
        <table className={classes.changes}>
          <thead>
            <tr>
              <th scope="col">{t('activity.fact')}</th>
              <th scope="col">{t('activity.before')}</th>
              <th scope="col">{t('activity.after')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ name, before, after }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{before ?? <Nothing />}</td>
                <td>{after ?? <Nothing />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </SidePanel>
  );
}

function Nothing() {
  return (
    <span className={classes.quiet} aria-label={t('activity.nothing')}>
      –
    </span>
  );
}
