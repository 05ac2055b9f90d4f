import { t } from '#shared/i18n/t';
import { CONNECTION_ICONS } from '../../domain/connection-icons';
import { useMirror } from '../../stores/mirror';
import { useUi } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { formatDateTime } from '../../ui/format';
import { StatusButton } from '../../ui/status-button';
import { indicatorText } from './operations-model';

/** Shows the state of the connection, the age of the data, and the operations that the service does not have yet. */
export function SyncIndicator() {
  const connection = useMirror((mirror) => mirror.connection);
  const lastSyncAt = useMirror((mirror) => mirror.lastSyncAt);
  const sync = useMirror((mirror) => mirror.sync);
  const known = useMirror((mirror) => mirror.status === 'ready');
  const nowMs = useNow();
  const { first, second, tone, about, spoken } = indicatorText(connection, lastSyncAt, sync, nowMs);
  return (
    <StatusButton
      icon={CONNECTION_ICONS[connection.kind]}
      first={known ? first : t('frame.notKnown')}
      second={second}
      tone={tone}
      about={about}
      label={t('frame.connectionLabel', { spoken: known ? spoken : `${t('frame.notKnown')}.` })}
      {...(lastSyncAt === null ? {} : { title: t('frame.synced', { moment: formatDateTime(lastSyncAt) }) })}
      opensDialog
      onClick={() => useUi.setState({ operationsListed: true })}
    />
  );
}
