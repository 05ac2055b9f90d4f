import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type LanguageChoice, LANGUAGES } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useChanges } from '../../bridge/use-changes';
import { connectionWords, serviceName } from '../../domain/connection-words';
import { FailureMessage, useFailureText } from '../../forms/failure-message';
import { useAccounts } from '../../stores/accounts';
import { useDesktop } from '../../stores/desktop';
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
      <PageHeader title={t('settings.title')} description={t('settings.description')} />
      <div className={classes.scroller}>
        <div className={classes.sections}>
          <div className={classes.column}>
            <ConnectionSection />
            <NetworkSection />
            <NotificationsSection />
          </div>
          <div className={classes.column}>
            <DesktopSection />
            <LocalLogSection />
            <AppearanceSection />
            <AboutSection />
          </div>
        </div>
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
    <Section name="connection">
      <dl className={classes.facts}>
        <dt>{t('settings.service')}</dt>
        <dd>
          {service === null ? t('settings.noService') : serviceName(service)}
          {service !== null && <span className={classes.quiet}> {service.url}</span>}
        </dd>
        <dt>{t('settings.state')}</dt>
        <dd>{connectionWords(connection, nowMs)}</dd>
        <dt>{t('settings.lastSync')}</dt>
        <dd>{lastSyncAt === null ? t('settings.notYet') : formatDateTime(lastSyncAt)}</dd>
        {account !== null && (
          <>
            <dt>{t('frame.account')}</dt>
            <dd>{account.name}</dd>
            <dt>{t('settings.signedInAs')}</dt>
            <dd>
              {account.me.email}{' '}
              <span className={classes.quiet}>{t(`settings.role_${account.me.role}`)}</span>
            </dd>
          </>
        )}
      </dl>
      <div className={classes.buttons}>
        <Button variant="default" onClick={addAccount}>
          {t('frame.addAccount')}
        </Button>
        {service?.kind === 'remote' && (
          <Button variant="default" onClick={() => enterToken(service.url)}>
            {t('settings.enterToken')}
          </Button>
        )}
        <Button variant="default" onClick={() => setConfirming(true)}>
          {t('settings.forget')}
        </Button>
      </div>
      <ConfirmModal
        opened={confirming}
        title={t('settings.forgetTitle')}
        confirm={unsent === 0 ? t('settings.forgetNow') : t('settings.discardAndForget', { count: unsent })}
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
        {unsent > 0 && <p role="alert">{t('settings.unsent', { count: unsent })}</p>}
        <p>{t(embedded ? 'settings.forgetEmbedded' : 'settings.forgetRemote')}</p>
        <p>{t(hasOthers ? 'settings.othersStay' : 'settings.firstScreenNext')}</p>
      </ConfirmModal>
    </Section>
  );
}

const SCHEMES = ['auto', 'light', 'dark'] as const;

function AppearanceSection() {
  const scheme = useUi((ui) => ui.colorScheme);
  return (
    <Section name="appearance">
      <dl className={classes.appearance}>
        <dt>{t('settings.colours')}</dt>
        <dd>
          <SegmentedControl
            aria-label={t('settings.colours')}
            data={SCHEMES.map((value) => ({ value, label: t(`settings.scheme_${value}`) }))}
            value={scheme}
            onChange={(value) => setColorScheme(value)}
          />
        </dd>
        <LanguageChoices />
      </dl>
    </Section>
  );
}

/** Each language is named in itself, so that whoever does not understand the present one finds theirs. */
const LANGUAGE_NAMES = { en: 'English', fr: 'Français' } as const;

function LanguageChoices() {
  const choice = useDesktop(({ value }) => value?.settings.language);
  const changes = useChanges((language: LanguageChoice) => bridge().calls.desktop.change({ language }));
  if (choice === undefined) return null;
  return (
    <>
      <dt>{t('settings.language')}</dt>
      <dd>
        <SegmentedControl
          aria-label={t('settings.language')}
          data={[
            { value: 'system', label: t('settings.languageOfSystem') },
            ...LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
          ]}
          value={choice}
          onChange={(value) => changes.send(value)}
        />
        <FailureMessage failure={changes.failure} />
      </dd>
    </>
  );
}

function AboutSection() {
  const bootstrap = useSession((session) => session.bootstrap);
  if (bootstrap === null) return null;
  const { appVersion, electronVersion, platform, trialRuntime, keepsTokens } = bootstrap;
  return (
    <Section name="about">
      <dl className={classes.facts}>
        <dt>Gatehouse</dt>
        <dd>{appVersion}</dd>
        <dt>{t('settings.runtime')}</dt>
        <dd>
          Electron {electronVersion} <span className={classes.quiet}>{platform}</span>
          {trialRuntime !== null && <span className={classes.quiet}>, {t('settings.standIn')}</span>}
        </dd>
        <dt>{t('settings.accessTokens')}</dt>
        <dd>
          {keepsTokens
            ? t('settings.tokensEncrypted')
            : t('settings.tokensForSession', { why: t('start.noKeyStore') })}
        </dd>
        <dt>{t('settings.geoData')}</dt>
        <dd>{t('settings.geoDataFrom')}</dd>
      </dl>
    </Section>
  );
}
