import { Button } from '@mantine/core';
import { IconArrowLeft, IconCloudLock, IconDeviceDesktop } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AccountSummary } from '#shared/ipc/accounts';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
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
        <h1 className={classes.title}>{t(isAddition ? 'connection.addTitle' : 'connection.welcomeTitle')}</h1>
        <p className={classes.lead}>{t(isAddition ? 'connection.addLead' : 'connection.welcomeLead')}</p>
        {isAddition && (
          <Button
            variant="default"
            className={classes.back}
            leftSection={<IconArrowLeft size={16} />}
            onClick={goBack}
          >
            {t('connection.back')}
          </Button>
        )}
      </div>
      <div className={classes.choices}>
        {mayRunHere && (
          <section className={classes.choice} aria-labelledby="choice-embedded">
            <IconDeviceDesktop size={22} stroke={1.6} aria-hidden />
            <h2 id="choice-embedded" className={classes.choiceTitle}>
              {t('connection.here')}
            </h2>
            <p>{t('connection.hereHow')}</p>
            <ul className={classes.points}>
              <li>{t('connection.herePoint_install')}</li>
              <li>{t('connection.herePoint_data')}</li>
              <li>{t('connection.herePoint_key')}</li>
            </ul>
            <FailureMessage failure={starting.failure} />
            <Button className={classes.choiceButton} loading={starting.pending} onClick={runHere}>
              {t('connection.runHere')}
            </Button>
          </section>
        )}
        <section className={classes.choice} aria-labelledby="choice-remote">
          <IconCloudLock size={22} stroke={1.6} aria-hidden />
          <h2 id="choice-remote" className={classes.choiceTitle}>
            {t('connection.elsewhere')}
          </h2>
          <p>{t('connection.elsewhereHow')}</p>
          <ConnectForm url="" onConnected={goBack} />
        </section>
      </div>
      <details className={classes.network}>
        <summary>{t('connection.network')}</summary>
        {network}
      </details>
      {trialRuntime !== null && (
        <p className={classes.trial}>{t('connection.trialRuntime', { version: trialRuntime })}</p>
      )}
    </main>
  );
}
