import { UnstyledButton } from '@mantine/core';
import {
  IconHistory,
  IconInbox,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconSettings,
  IconShieldHalf,
  IconUsers,
  IconWorldCheck,
} from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { type Screen, SCREENS } from '#shared/ipc/screens';
import { t } from '#shared/i18n/t';
import { isMac } from '../../bridge/page';
import { step } from '../../bridge/page-history';
import { showAccount, useAccounts } from '../../stores/accounts';
import { useMirror } from '../../stores/mirror';
import { accountKeyOf, pendingCount } from '../../stores/mirror-model';
import { showScreen, useUi } from '../../stores/ui';
import { GatehouseMark } from '../../ui/gatehouse-mark';
import { hasOverlay } from '../../ui/overlays';
import { AccountSwitcher } from './account-switcher';
import { ModeIndicator } from './mode-indicator';
import { accountOfKey, badgeText, screenOfKey, stepOfKey } from './model';
import classes from './navigation.module.css';
import { NewsForReaders } from './news-for-readers';

const ICONS: Readonly<Record<Screen, typeof IconInbox>> = {
  overview: IconLayoutDashboard,
  pending: IconInbox,
  log: IconListDetails,
  ranges: IconWorldCheck,
  protection: IconShieldHalf,
  keys: IconKey,
  users: IconUsers,
  activity: IconHistory,
  settings: IconSettings,
};

interface NavigationViewProps {
  /** What opens the search over everything. */
  readonly search: ReactNode;
  /** Indicator of the connection and of this console's queued operations. */
  readonly sync: ReactNode;
}

export function Navigation({ search, sync }: NavigationViewProps) {
  const current = useUi((ui) => ui.screen);
  const open = useMirror((mirror) => pendingCount(mirror.reviews));
  const hasSeveral = useAccounts(({ value }) => (value?.accounts.length ?? 0) > 1);
  const accountKey = useMirror(accountKeyOf);
  const name = t(`frame.screen_${current}`);
  useShortcuts();
  useEffect(() => {
    document.title = `${open > 0 ? `(${badgeText(open)}) ` : ''}${name} – Gatehouse`;
  }, [name, open]);
  return (
    <section aria-label="Gatehouse" className={classes.sidebar}>
      <div className={classes.brand}>
        <GatehouseMark />
        Gatehouse
        {!hasSeveral && <AccountSwitcher />}
      </div>
      {hasSeveral && <AccountSwitcher />}
      {search}
      <nav aria-label={t('frame.screens')} className={classes.nav}>
        {SCREENS.map((screen, index) => {
          const label = t(`frame.screen_${screen}`);
          const Icon = ICONS[screen];
          const waiting = screen === 'pending' && open > 0;
          return (
            <UnstyledButton
              key={screen}
              className={classes.item}
              aria-current={screen === current ? 'page' : undefined}
              aria-keyshortcuts={`${isMac() ? 'Meta' : 'Control'}+${index + 1}`}
              aria-label={waiting ? `${label}, ${t('words.openReviews', { count: open })}` : label}
              title={`${isMac() ? '⌘' : 'Ctrl+'}${index + 1}`}
              onClick={() => showScreen(screen)}
            >
              <Icon size={17} stroke={1.7} aria-hidden />
              <span className={classes.name}>{label}</span>{' '}
              {waiting && (
                <span className={classes.badge} aria-hidden>
                  {badgeText(open)}
                </span>
              )}
            </UnstyledButton>
          );
        })}
      </nav>
      <div className={classes.foot}>
        <ModeIndicator />
        {sync}
      </div>
      <NewsForReaders key={accountKey} />
    </section>
  );
}

const MOUSE_STEPS: Readonly<Record<number, 1 | -1>> = { 3: -1, 4: 1 };

/**
 * Changes the screen with the modifier and a digit, and the account with Alt too, wherever the focus is; leads back and forward
 * with the keys of the platform's browsers and the side buttons of a mouse.
 */
export function useShortcuts(): void {
  useEffect(() => {
    const handleMouse = (event: MouseEvent): void => {
      const by = MOUSE_STEPS[event.button];
      if (by === undefined) return;
      event.preventDefault();
      if (!hasOverlay()) step(by);
    };
    const handle = (event: KeyboardEvent): void => {
      const by = stepOfKey(event, isMac());
      if (by !== null) {
        event.preventDefault();
        // A form does not lose what it stands on.
        if (!hasOverlay()) step(by);
        return;
      }
      const screen = screenOfKey(event, isMac());
      const index = accountOfKey(event, isMac());
      const account = index === null ? undefined : useAccounts.getState().value?.accounts[index];
      if (screen === null && account === undefined) return;
      event.preventDefault();
      if (screen !== null) showScreen(screen);
      if (account !== undefined) showAccount(account.id);
    };
    window.addEventListener('keydown', handle);
    window.addEventListener('mouseup', handleMouse);
    return () => {
      window.removeEventListener('keydown', handle);
      window.removeEventListener('mouseup', handleMouse);
    };
  }, []);
}
