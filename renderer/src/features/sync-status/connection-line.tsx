import { Button } from '@mantine/core';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { connectionWords, serviceName } from '../../domain/connection-words';
import { explainFailure } from '../../domain/failures';
import { useMirror } from '../../stores/mirror';
import { showScreen } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import classes from './operations.module.css';
import { pauseWords, syncedWords } from './operations-model';
import { RetryButton } from './retry-button';

function retry() {
  return bridge().calls.connection.retry();
}

interface ConnectionLineProps {
  /** Closes the surrounding dialog when the line leads to another screen. */
  readonly onLeave: () => void;
}

/** Shows the service, the state of the connection, and what keeps operations from being sent. */
export function ConnectionLine({ onLeave }: ConnectionLineProps) {
  const connection = useMirror((mirror) => mirror.connection);
  const lastSyncAt = useMirror((mirror) => mirror.lastSyncAt);
  const sync = useMirror((mirror) => mirror.sync);
  const retrying = useCall(retry);
  const nowMs = useNow();
  const service = connection.kind === 'none' ? '' : `${serviceName(connection.service)} · `;
  const because = sync.pausedBecause === null ? '' : ` ${pauseWords(sync)}`;
  const failure = retrying.failure === null ? '' : ` ${explainFailure(retrying.failure, nowMs).message}`;
  return (
    <div className={classes.connection}>
      <p role="status">
        {service}
        {connectionWords(connection, nowMs)}. {syncedWords(lastSyncAt, nowMs)}.{because}
        {failure}
      </p>
      {(connection.kind === 'unreachable' || connection.kind === 'failed') && (
        <RetryButton retrying={retrying} label="Try now" />
      )}
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          onLeave();
          showScreen('settings');
        }}
      >
        Settings
      </Button>
    </div>
  );
}
