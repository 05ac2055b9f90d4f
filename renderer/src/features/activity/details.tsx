import { CloseButton } from '@mantine/core';
import { type RefObject, useId } from 'react';
import type { AuditEvent } from '#shared/domain/entities';
import { auditWords, factChanges, VIA_WORDS } from '../../domain/audit-words';
import { useMirror } from '../../stores/mirror';
import { formatDateTime } from '../../ui/format';
import classes from './activity.module.css';

interface DetailsProps {
  readonly event: AuditEvent;
  readonly panelRef: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** Who did it, through what, and what was different afterwards. */
export function Details({ event, panelRef, onClose }: DetailsProps) {
  const titleId = useId();
  const keys = useMirror((mirror) => mirror.keys);
  const changes = factChanges(event, (id) => keys.get(id)?.name ?? id);
  return (
    <aside
      ref={panelRef}
      className={classes.panel}
      aria-labelledby={titleId}
      tabIndex={-1}
      onKeyDown={(press) => {
        if (press.key !== 'Escape') return;
        press.stopPropagation();
        onClose();
      }}
    >
      <div className={classes.head}>
        <h2 id={titleId} className={classes.what}>
          {auditWords(event)}
        </h2>
        <CloseButton size="sm" aria-label="Close the details" onClick={onClose} />
      </div>
      <p className={classes.quiet}>
        {event.actor.name}, {formatDateTime(event.at)}, via {VIA_WORDS[event.via].toLowerCase()}
      </p>
      {changes.length === 0 ? (
        <p className={classes.none}>Nothing else is recorded about it.</p>
      ) : (
        <table className={classes.changes}>
          <thead>
            <tr>
              <th scope="col">Fact</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
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
    </aside>
  );
}

const Nothing = () => (
  <span className={classes.quiet} aria-label="nothing">
    –
  </span>
);
