import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconKeyOff, IconPlugConnectedX } from '@tabler/icons-react';
import type { Connection } from '#shared/ipc/connection';
import { serviceWords, toldState, troubleHeadline } from '#shared/ipc/service-words';
import { t } from '#shared/i18n/t';
import { useCall } from '../../bridge/use-call';
import { serviceName } from '../../domain/connection-words';
import { FailureMessage, useFailureText } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import { addAccount, enterToken } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { EmptyState } from '../../ui/empty-state';
import { formatMoment } from '../../ui/format';
import { remediesOf, retryConnection, tokenTitle } from './model';
import classes from './waiting.module.css';

type Trouble = Extract<Connection, { kind: 'unreachable' | 'unauthorized' | 'failed' }>;

const ICONS = {
  unreachable: IconPlugConnectedX,
  unauthorized: IconKeyOff,
  failed: IconAlertTriangle,
} as const;

function titleOf(connection: Trouble, nowMs: number): string {
  switch (connection.kind) {
    case 'unreachable': {
      const { trouble, service, since } = connection;
      return troubleHeadline(trouble, serviceName(service), formatMoment(since, nowMs));
    }
    case 'unauthorized':
      return tokenTitle(connection.code);
    case 'failed':
      return t('frame.notStarted');
  }
}

/** Replaces a screen while nothing was ever loaded, and says why. */
export function WaitingView() {
  const connection = useMirror((mirror) => mirror.connection);
  const mirrorFailure = useFailureText(useMirror((mirror) => mirror.failure));

  if (mirrorFailure !== null) {
    return (
      <EmptyState icon={<IconAlertTriangle size={26} />} title={t('frame.couldNotLoad')}>
        <p>{mirrorFailure.message}</p>
        <p>{t('frame.triesAgain')}</p>
      </EmptyState>
    );
  }
  switch (connection.kind) {
    case 'none':
    case 'connecting':
    case 'online':
      return <SkeletonScreen />;
    case 'unreachable':
    case 'unauthorized':
    case 'failed':
      return <TroubleView connection={connection} />;
  }
}

function TroubleView({ connection }: { readonly connection: Trouble }) {
  const retrying = useCall(retryConnection);
  const nowMs = useNow();
  const Icon = ICONS[connection.kind];
  const { retry, token } = remediesOf(connection);
  const state = serviceWords(toldState(connection));
  return (
    <EmptyState
      icon={<Icon size={26} />}
      title={titleOf(connection, nowMs)}
      actions={
        <>
          {retry !== null && (
            <Button loading={retrying.pending} onClick={() => void retrying.run()}>
              {t('frame.tryAgain')}
            </Button>
          )}
          {token !== null && <Button onClick={() => enterToken(token.url)}>{token.label}</Button>}
          <Button variant="default" onClick={addAccount}>
            {t('frame.addAccount')}
          </Button>
        </>
      }
    >
      <p>{connection.message}</p>
      {connection.kind === 'unreachable' && (
        <>
          {state !== undefined && (
            <p>
              {state.headline}. {state.why}
            </p>
          )}
          <p>{t('frame.keepsTrying')}</p>
        </>
      )}
      <FailureMessage failure={retrying.failure} />
    </EmptyState>
  );
}

function SkeletonScreen() {
  return (
    <div role="status" aria-label={t('frame.loading')} className={classes.skeletons}>
      <Skeleton height={18} width={180} />
      <Skeleton height={12} width={320} />
      {[0, 1, 2].map((index) => (
        <Skeleton key={index} height={128} radius={8} />
      ))}
    </div>
  );
}
