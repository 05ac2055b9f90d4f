import { t } from '#shared/i18n/t';
import { useCall } from '../../bridge/use-call';
import { connectionWords, serviceName } from '../../domain/connection-words';
import { useFailureText } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import { showScreen } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { SmallButton } from '../../ui/small-button';
import classes from './operations.module.css';
import { pauseWords, syncedWords } from './operations-model';
import { retryConnection } from './model';

interface ConnectionLineProps {
  /** Closes the surrounding dialog when the line leads to another screen. */
  readonly onLeave: () => void;
}

/** Shows the service, the state of the connection, and what keeps operations from being sent. */
export function ConnectionLine({ onLeave }: ConnectionLineProps) {
  const connection = useMirror((mirror) => mirror.connection);
  const lastSyncAt = useMirror((mirror) => mirror.lastSyncAt);
  const sync = useMirror((mirror) => mirror.sync);
  const retrying = useCall(retryConnection);
  const nowMs = useNow();
  const service = connection.kind === 'none' ? '' : `${serviceName(connection.service)} · `;
  const because = sync.pausedBecause === null ? '' : ` ${pauseWords(sync)}`;
  const failureText = useFailureText(retrying.failure);
  return (
    <div className={classes.connection}>
      <p role="status">
        {service}
        {connectionWords(connection, nowMs)}. {syncedWords(lastSyncAt, nowMs)}.{because}
        {failureText !== null && ` ${failureText.message}`}
      </p>
      {(connection.kind === 'unreachable' || connection.kind === 'failed') && (
        <SmallButton loading={retrying.pending} onClick={() => void retrying.run()}>
          {t('frame.tryNow')}
        </SmallButton>
      )}
      <SmallButton
        onClick={() => {
          onLeave();
          showScreen('settings');
        }}
      >
        {t('frame.screen_settings')}
      </SmallButton>
    </div>
  );
}
