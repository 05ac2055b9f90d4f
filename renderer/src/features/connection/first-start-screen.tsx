import { Button } from '@mantine/core';
import { IconCloudLock, IconDeviceDesktop } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { trialRuntimeWords } from '../../domain/connection-words';
import { FailureMessage } from '../../forms/failure-message';
import { useSession } from '../../stores/session';
import { GatehouseMark } from '../../ui/gatehouse-mark';
import { ConnectForm } from './connect-form';
import classes from './connection.module.css';

function runEmbedded() {
  const { useEmbedded: run } = bridge().calls.connection;
  return run();
}

// The mirror replaces this screen once the service is connected.
function nothingToDo(): void {}

interface FirstStartViewProps {
  /** Proxy and certificates, because some services cannot be reached without them. */
  readonly network: ReactNode;
}

export function FirstStartScreen({ network }: FirstStartViewProps) {
  const starting = useCall(runEmbedded);
  const trialRuntime = useSession((session) => session.bootstrap?.trialRuntime ?? null);
  return (
    <main className={classes.first}>
      <div className={classes.welcome}>
        <GatehouseMark size={48} />
        <h1 className={classes.title}>Welcome to Gatehouse</h1>
        <p className={classes.lead}>
          Decide from which IP addresses your API keys may be used. An enforcement service answers for each
          call whether its address may use its key. Where does yours run?
        </p>
      </div>
      <div className={classes.choices}>
        <section className={classes.choice} aria-labelledby="choice-embedded">
          <IconDeviceDesktop size={22} stroke={1.6} aria-hidden />
          <h2 id="choice-embedded" className={classes.choiceTitle}>
            On this computer
          </h2>
          <p>Gatehouse starts the service for you, beside this window.</p>
          <ul className={classes.points}>
            <li>Nothing to install and nothing to configure</li>
            <li>Ranges, keys and log stay in your user folder</li>
            <li>A first API key is made, with a command to try it</li>
          </ul>
          <FailureMessage failure={starting.failure} />
          <Button
            className={classes.choiceButton}
            loading={starting.pending}
            onClick={() => void starting.run()}
          >
            Run Gatehouse on this computer
          </Button>
        </section>
        <section className={classes.choice} aria-labelledby="choice-remote">
          <IconCloudLock size={22} stroke={1.6} aria-hidden />
          <h2 id="choice-remote" className={classes.choiceTitle}>
            Somewhere else
          </h2>
          <p>Connect to an enforcement service that is already running, with an access token.</p>
          <ConnectForm url="" onConnected={nothingToDo} />
        </section>
      </div>
      <details className={classes.network}>
        <summary>Proxy and certificates</summary>
        {network}
      </details>
      {trialRuntime !== null && <p className={classes.trial}>{trialRuntimeWords(trialRuntime)}</p>}
    </main>
  );
}
