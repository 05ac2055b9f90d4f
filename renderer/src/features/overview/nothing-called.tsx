import { Button } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';
import { FirstCall } from '../../forms/first-call';
import { useMirror } from '../../stores/mirror';
import { useSession } from '../../stores/session';
import { showScreen } from '../../stores/ui';
import { EmptyState } from '../../ui/empty-state';
import classes from './overview.module.css';

/** Says what to do first, as long as no call was ever made. */
export function NothingCalled() {
  const welcome = useSession((session) => session.welcome);
  const hasKey = useMirror(({ keys }) => [...keys.values()].some(({ status }) => status === 'active'));
  return (
    <EmptyState
      icon={<IconTerminal2 size={26} stroke={1.6} />}
      title={t('overview.nothingCalled')}
      actions={!hasKey && <Button onClick={() => showScreen('keys')}>{t('overview.createKey')}</Button>}
    >
      <p>{t(hasKey ? 'overview.callFirst' : 'overview.keyFirst')}</p>
      {welcome !== null && (
        <div className={classes.firstCall}>
          <p>{t('overview.tryCommand', { name: welcome.keyName })}</p>
          <FirstCall curl={welcome.curl} />
        </div>
      )}
    </EmptyState>
  );
}
