import { Button } from '@mantine/core';
import type { Connection } from '#shared/ipc/contract';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useUi } from '../../stores/ui';

const retry = () => bridge().calls.connection.retry();

/** What can be done about an access token that is locked in the key store of the desktop. */
export function UnlockButtons({
  connection,
}: {
  readonly connection: Extract<Connection, { kind: 'unauthorized' }>;
}) {
  const retrying = useCall(retry);
  const { url } = connection.service;
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        loading={retrying.pending}
        onClick={() => void retrying.run()}
      >
        {connection.code === 'token_waiting' ? 'Try again' : 'Unlock'}
      </Button>{' '}
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => useUi.setState({ connectForm: { url, why: 'token' } })}
      >
        Enter a new token
      </Button>
    </>
  );
}
