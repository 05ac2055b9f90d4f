import { Anchor } from '@mantine/core';
import { IconAlertTriangle, IconInbox } from '@tabler/icons-react';
import type { Account } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { serviceWords, toldState } from '#shared/ipc/service-words';
import { FirstCall } from '../../../forms/first-call';
import { useMirror } from '../../../stores/mirror';
import { showScreen } from '../../../stores/ui';
import { useSession } from '../../../stores/session';
import { EmptyState } from '../../../ui/empty-state';
import classes from '../pending.module.css';

/** Explains reviews when there is none, and offers a command that causes one on a first try. */
export function NothingPending() {
  const mode = useMirror((mirror) => mirror.account?.mode ?? 'manual');
  const welcome = useSession((session) => session.welcome);
  const connection = useMirror((mirror) => mirror.connection);
  const told = serviceWords(toldState(connection));
  if (mode === UNRECOGNISED) {
    return (
      <EmptyState icon={<IconAlertTriangle size={26} stroke={1.6} />} title={t('reasons.somethingNew')}>
        <p>{t('pending.newModeWhy')}</p>
      </EmptyState>
    );
  }
  if (told !== undefined) {
    return (
      <EmptyState icon={<IconAlertTriangle size={26} stroke={1.6} />} title={told.headline}>
        <p>{told.why}</p>
        <p>{t('pending.troubleMeans')}</p>
      </EmptyState>
    );
  }
  if (connection.kind !== 'online' && connection.kind !== 'connecting') {
    return (
      <EmptyState icon={<IconInbox size={26} stroke={1.6} />} title={t('pending.offlineTitle')}>
        <p>{t('pending.offline')}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<IconInbox size={26} stroke={1.6} />} title={t('pending.nothingTitle')}>
      <p>
        {mode === 'deactivated' || mode === 'learning' ? t(`pending.nothing_${mode}`) : t('pending.nothing')}
      </p>
      {welcome !== null && (
        <div className={classes.welcome}>
          <WelcomeLine mode={mode} keyName={welcome.keyName} />
          <FirstCall curl={welcome.curl} />
        </div>
      )}
    </EmptyState>
  );
}

/** Says what the command will do in the current mode. */
function WelcomeLine({ mode, keyName }: { readonly mode: Account['mode']; readonly keyName: string }) {
  if (mode === 'learning' || mode === 'deactivated') {
    return (
      <p>
        {t('pending.welcomeToLog', { key: keyName })}{' '}
        <Anchor component="button" type="button" inherit onClick={() => showScreen('protection')}>
          {t('frame.screen_protection')}
        </Anchor>
        .
      </p>
    );
  }
  return <p>{t('pending.welcome', { key: keyName })}</p>;
}
