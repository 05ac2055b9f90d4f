import { UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconKeyOff,
  IconPlugConnected,
  IconPlugConnectedX,
  IconRefresh,
} from '@tabler/icons-react';
import type { Connection } from '#shared/ipc/contract';
import { connectionWords, serviceName } from '../../domain/connection-words';
import { useMirror } from '../../stores/mirror';
import { showScreen } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { formatAgo, formatDateTime } from '../../ui/format';
import classes from './navigation.module.css';

const ICONS: Readonly<Record<Connection['kind'], typeof IconPlugConnected>> = {
  none: IconPlugConnectedX,
  connecting: IconRefresh,
  online: IconPlugConnected,
  unreachable: IconPlugConnectedX,
  unauthorized: IconKeyOff,
  failed: IconAlertTriangle,
};

/** How the connection stands and how old the shown data are. */
export function ConnectionIndicator() {
  const known = useMirror((mirror) => mirror.status === 'ready');
  const connection = useMirror((mirror) => mirror.connection);
  const lastSyncAt = useMirror((mirror) => mirror.lastSyncAt);
  const nowMs = useNow();
  const Icon = ICONS[connection.kind];
  const state = known ? connectionWords(connection, nowMs) : 'Not known';
  const synced = lastSyncAt === null ? 'Not synced yet' : `Synced ${formatAgo(lastSyncAt, nowMs)}`;
  const service = connection.kind === 'none' ? '' : serviceName(connection.service);
  return (
    <UnstyledButton
      className={classes.status}
      data-warn={['unreachable', 'unauthorized', 'failed'].includes(connection.kind) ? '' : undefined}
      aria-label={`Connection: ${state}. ${service}. ${synced}.`}
      title={`${service}${lastSyncAt === null ? '' : `\nSynced ${formatDateTime(lastSyncAt)}`}`}
      onClick={() => showScreen('settings')}
    >
      <Icon size={17} stroke={1.7} aria-hidden />
      <span className={classes.lines}>
        <span className={classes.line}>{state}</span>
        <span className={classes.quietLine}>{synced}</span>
      </span>
    </UnstyledButton>
  );
}
