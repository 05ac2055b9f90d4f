import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconKeyOff, IconPlugConnectedX } from '@tabler/icons-react';
import { serviceWords, toldState, troubleHeadline } from '#shared/ipc/service-words';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { serviceName } from '../../domain/connection-words';
import { explainFailure } from '../../domain/failures';
import { useMirror } from '../../stores/mirror';
import { useUi } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { EmptyState } from '../../ui/empty-state';
import { FormError } from '../../ui/form-error';
import { formatMoment } from '../../ui/format';
import { tokenButton, tokenTitle, unauthorizedAction } from './model';
import classes from './waiting.module.css';

function retry() {
  return bridge().calls.connection.retry();
}

/** Replaces a screen while nothing was ever loaded, and says why. */
export function WaitingView() {
  const connection = useMirror((mirror) => mirror.connection);
  const mirrorFailure = useMirror((mirror) => mirror.failure);
  const retrying = useCall(retry);
  const nowMs = useNow();

  if (mirrorFailure !== null) {
    return (
      <EmptyState icon={<IconAlertTriangle size={26} />} title="This window could not load its data">
        <p>{explainFailure(mirrorFailure, nowMs).message}</p>
        <p>It tries again by itself.</p>
      </EmptyState>
    );
  }
  if (connection.kind === 'none' || connection.kind === 'connecting' || connection.kind === 'online') {
    return <SkeletonScreen />;
  }

  const tryAgain = (
    <Button loading={retrying.pending} onClick={() => void retrying.run()}>
      Try again
    </Button>
  );
  const elsewhere = (
    <Button variant="default" onClick={() => useUi.setState({ connectForm: { url: '', why: 'elsewhere' } })}>
      Connect to another service
    </Button>
  );
  const retryError = (
    <FormError message={retrying.failure === null ? null : explainFailure(retrying.failure, nowMs).message} />
  );
  const name = serviceName(connection.service);
  const told = serviceWords(toldState(connection));

  switch (connection.kind) {
    case 'unreachable':
      return (
        <EmptyState
          icon={<IconPlugConnectedX size={26} />}
          title={troubleHeadline(connection.trouble, name, formatMoment(connection.since, nowMs))}
          actions={[<span key="retry">{tryAgain}</span>, <span key="elsewhere">{elsewhere}</span>]}
        >
          <p>{connection.message}</p>
          {told !== undefined && (
            <p>
              {told.headline}. {told.why}
            </p>
          )}
          <p>The console keeps trying by itself. Nothing has been loaded from this service yet.</p>
          {retryError}
        </EmptyState>
      );
    case 'unauthorized': {
      const { url } = connection.service;
      const action = unauthorizedAction(connection);
      return (
        <EmptyState
          icon={<IconKeyOff size={26} />}
          title={
            // A headline has no full stop.
            tokenTitle(connection.code).replace(/\.$/, '')
          }
          actions={[
            ...(action === 'token' ? [] : [<span key="retry">{tryAgain}</span>]),
            ...(action === 'retry'
              ? []
              : [
                  <Button key="token" onClick={() => useUi.setState({ connectForm: { url, why: 'token' } })}>
                    {tokenButton(connection.code)}
                  </Button>,
                ]),
            <span key="elsewhere">{elsewhere}</span>,
          ]}
        >
          <p>{connection.message}</p>
          {action !== 'token' && retryError}
        </EmptyState>
      );
    }
    case 'failed':
      return (
        <EmptyState
          icon={<IconAlertTriangle size={26} />}
          title="The enforcement service on this computer did not start"
          actions={[<span key="retry">{tryAgain}</span>, <span key="elsewhere">{elsewhere}</span>]}
        >
          <p>{connection.message}</p>
          {retryError}
        </EmptyState>
      );
  }
}

function SkeletonScreen() {
  return (
    <div role="status" aria-label="Loading" className={classes.skeletons}>
      <Skeleton height={18} width={180} />
      <Skeleton height={12} width={320} />
      {[0, 1, 2].map((index) => (
        <Skeleton key={index} height={128} radius={8} />
      ))}
    </div>
  );
}
