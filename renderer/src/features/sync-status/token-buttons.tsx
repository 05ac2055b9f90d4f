import { Button } from '@mantine/core';
import type { Connection } from '#shared/ipc/connection';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useUi } from '../../stores/ui';
import { tokenButton } from './model';
import { RetryButton } from './retry-button';

interface TokenProps {
  readonly connection: Extract<Connection, { kind: 'unauthorized' }>;
}

function retry() {
  return bridge().calls.connection.retry();
}

/** Offers the ways to get an access token that is locked in the desktop's key store. */
export function UnlockButtons({ connection }: TokenProps) {
  const retrying = useCall(retry);
  return (
    <>
      <RetryButton retrying={retrying} label={connection.code === 'token_waiting' ? 'Try again' : 'Unlock'} />{' '}
      <TokenButton connection={connection} />
    </>
  );
}

export function TokenButton({ connection: { service, code } }: TokenProps) {
  return (
    <Button
      size="compact-xs"
      variant="default"
      onClick={() => useUi.setState({ connectForm: { url: service.url, why: 'token' } })}
    >
      {tokenButton(code)}
    </Button>
  );
}
