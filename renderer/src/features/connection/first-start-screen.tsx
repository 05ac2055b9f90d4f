import { Button } from '@mantine/core';
import { IconArrowLeft, IconCloudLock, IconDeviceDesktop } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AccountSummary } from '#shared/ipc/accounts';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { trialRuntimeWords } from '../../domain/connection-words';
import { FailureMessage } from '../../forms/failure-message';
import { useAccounts } from '../../stores/accounts';
import { useSession } from '../../stores/session';
import { useUi } from '../../stores/ui';
import { GatehouseMark } from '../../ui/gatehouse-mark';
import { ConnectForm } from './connect-form';
import classes from './connection.module.css';

function isEmbedded({ service }: AccountSummary): boolean {
  return service.kind === 'embedded';
}

function runEmbedded() {
  const { useEmbedded: run } = bridge().calls.connection;
  return run();
}

/** Leads back to the screen of the shown account, which is the new one once it is connected. */
function goBack(): void {
  useUi.setState({ isAddingAccount: false });
}

interface FirstStartViewProps {
  /** True while other accounts are connected. */
  readonly isAddition: boolean;
  /** Proxy and certificates, because some services cannot be reached without them. */
  readonly network: ReactNode;
}

export function FirstStartScreen({ isAddition, network }: FirstStartViewProps) {
  const starting = useCall(runEmbedded);
  const trialRuntime = useSession((session) => session.bootstrap?.trialRuntime ?? null);
  const hasEmbedded = useAccounts(({ value }) => value?.accounts.some(isEmbedded) ?? false);
  // One that is just being started is in the list of accounts already.
  const mayRunHere = !isAddition || !hasEmbedded || starting.pending;
  const runHere = (): void => {
    void starting.run().then((outcome) => {
      if (outcome?.ok === true) goBack();
    });
  };
  return (
    <main className={classes.first}>
      <div className={classes.welcome}>
        <GatehouseMark size={48} />
        <h1 className={classes.title}>{isAddition ? 'Add an account' : 'Welcome to Gatehouse'}</h1>
        <p className={classes.lead}>
          {isAddition
            ? 'Gatehouse watches all of your accounts at once, and shows one at a time.'
            : 'Decide from which IP addresses your API keys may be used. An enforcement service answers for each call whether its address may use its key. Where does yours run?'}
        </p>
        {isAddition && (
          <Button
            variant="default"
            className={classes.back}
            leftSection={<IconArrowLeft size={16} />}
            onClick={goBack}
          >
            Back
          </Button>
        )}
      </div>
      <div className={classes.choices}>
        {mayRunHere && (
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
            <Button className={classes.choiceButton} loading={starting.pending} onClick={runHere}>
              Run Gatehouse on this computer
            </Button>
          </section>
        )}
        <section className={classes.choice} aria-labelledby="choice-remote">
          <IconCloudLock size={22} stroke={1.6} aria-hidden />
          <h2 id="choice-remote" className={classes.choiceTitle}>
            Somewhere else
          </h2>
          <p>Connect to an enforcement service that is already running, with an access token.</p>
          <ConnectForm url="" onConnected={goBack} />
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
