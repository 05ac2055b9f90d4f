import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { countAtStart, countOf, plural } from '#shared/words';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { connectionWords, serviceName } from '../../domain/connection-words';
import { useFailureText } from '../../forms/failure-message';
import { useAccounts } from '../../stores/accounts';
import { useMirror } from '../../stores/mirror';
import { useSession } from '../../stores/session';
import { addAccount, enterToken, setColorScheme, useUi } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { ConfirmModal } from '../../ui/confirm-modal';
import { formatDateTime } from '../../ui/format';
import { PageHeader } from '../../ui/page-header';
import { DesktopSection } from './desktop-section';
import { LocalLogSection } from './local-log-section';
import { NetworkSection } from './network-section';
import { NotificationsSection } from './notifications-section';
import { Section } from './section';
import classes from './settings.module.css';

function forget(discardUnsent: boolean) {
  return bridge().calls.connection.forget({ discardUnsent });
}

export function SettingsScreen() {
  return (
    <>
      <PageHeader title="Settings" description="For this console on this computer." />
      <div className={classes.scroller}>
        <ConnectionSection />
        <NetworkSection />
        <NotificationsSection />
        <DesktopSection />
        <LocalLogSection />
        <AppearanceSection />
        <AboutSection />
      </div>
    </>
  );
}

function ConnectionSection() {
  const connection = useMirror((mirror) => mirror.connection);
  const account = useMirror((mirror) => mirror.account);
  const lastSyncAt = useMirror((mirror) => mirror.lastSyncAt);
  const hasOthers = useAccounts(({ value }) => (value?.accounts.length ?? 0) > 1);
  const [confirming, setConfirming] = useState(false);
  /** Number of operations that would be lost, counted by main. */
  const [unsent, setUnsent] = useState(0);
  const forgetting = useCall(forget);
  const failureText = useFailureText(forgetting.failure);
  const nowMs = useNow();
  const service = connection.kind === 'none' ? null : connection.service;
  const embedded = service?.kind === 'embedded';
  return (
    <Section title="Connection">
      <dl className={classes.facts}>
        <dt>Service</dt>
        <dd>
          {service === null ? 'None' : serviceName(service)}
          {service !== null && <span className={classes.quiet}> {service.url}</span>}
        </dd>
        <dt>State</dt>
        <dd>{connectionWords(connection, nowMs)}</dd>
        <dt>Last sync</dt>
        <dd>{lastSyncAt === null ? 'Not yet' : formatDateTime(lastSyncAt)}</dd>
        {account !== null && (
          <>
            <dt>Account</dt>
            <dd>{account.name}</dd>
            <dt>Signed in as</dt>
            <dd>
              {account.me.email} <span className={classes.quiet}>{account.me.role}</span>
            </dd>
          </>
        )}
      </dl>
      <div className={classes.buttons}>
        <Button variant="default" onClick={addAccount}>
          Add an account…
        </Button>
        {service?.kind === 'remote' && (
          <Button variant="default" onClick={() => enterToken(service.url)}>
            Enter a new token…
          </Button>
        )}
        <Button variant="default" onClick={() => setConfirming(true)}>
          Forget this connection…
        </Button>
      </div>
      <ConfirmModal
        opened={confirming}
        title="Forget this connection?"
        confirm={unsent === 0 ? 'Forget connection' : `Discard ${countOf(unsent, 'change')} and forget`}
        danger
        pending={forgetting.pending}
        error={failureText?.message ?? null}
        onClose={() => {
          setConfirming(false);
          setUnsent(0);
        }}
        onConfirm={() => {
          void forgetting.run(unsent > 0).then((outcome) => {
            if (outcome?.ok !== true) return;
            setUnsent(outcome.value.forgotten ? 0 : outcome.value.unsent);
            setConfirming(!outcome.value.forgotten);
          });
        }}
      >
        {unsent > 0 && (
          <p role="alert">
            {countAtStart(unsent, 'change')} {plural(unsent, 'has', 'have')} not reached the service. What you
            forget now is lost. To keep {plural(unsent, 'it', 'them')}, cancel and wait until the service
            answers.
          </p>
        )}
        <p>
          {embedded
            ? 'The service on this computer stops, and so does its enforcement. Its keys, ranges and log stay in your user folder for the next time.'
            : 'The access token is deleted from this computer. The service goes on as before.'}
        </p>
        <p>{hasOthers ? 'Your other accounts stay connected.' : 'You come back to the first screen.'}</p>
      </ConfirmModal>
    </Section>
  );
}

const SCHEMES = [
  { value: 'auto', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

function AppearanceSection() {
  const scheme = useUi((ui) => ui.colorScheme);
  return (
    <Section title="Appearance">
      <SegmentedControl
        aria-label="Colours"
        data={[...SCHEMES]}
        value={scheme}
        onChange={(value) => setColorScheme(value)}
      />
    </Section>
  );
}

function AboutSection() {
  const bootstrap = useSession((session) => session.bootstrap);
  if (bootstrap === null) return null;
  const { appVersion, electronVersion, platform, trialRuntime, vault } = bootstrap;
  return (
    <Section title="About">
      <dl className={classes.facts}>
        <dt>Gatehouse</dt>
        <dd>{appVersion}</dd>
        <dt>Runtime</dt>
        <dd>
          Electron {electronVersion} <span className={classes.quiet}>{platform}</span>
          {trialRuntime !== null && <span className={classes.quiet}>, a stand-in for trying out only</span>}
        </dd>
        <dt>Access tokens</dt>
        <dd>
          {vault.encrypted
            ? 'Kept encrypted by the system’s key store'
            : `Kept for this session only. ${vault.reason ?? ''}`}
        </dd>
      </dl>
    </Section>
  );
}
