import { ActionIcon, Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconPlus, IconSelector } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AccountSummary } from '#shared/ipc/accounts';
import type { Connection } from '#shared/ipc/connection';
import { t } from '#shared/i18n/t';
import { isMac } from '../../bridge/page';
import { CONNECTION_ICONS } from '../../domain/connection-icons';
import { connectionWords, serviceName } from '../../domain/connection-words';
import { showAccount, useAccounts } from '../../stores/accounts';
import { addAccount } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { badgeText, LAST_ACCOUNT_KEY } from './model';
import classes from './account-switcher.module.css';

/** The menu of the connected accounts. With one account it is a small button beside the name of the program. */
export function AccountSwitcher() {
  const list = useAccounts(({ value }) => value);
  const nowMs = useNow();
  const accounts = list?.accounts ?? [];
  const shown = accounts.find(({ id }) => id === list?.shownId);
  if (shown === undefined) return null;
  return (
    <Menu position="bottom-start" width={320} shadow="md" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        {accounts.length === 1 ? (
          <ActionIcon aria-label={t('frame.accounts')} className={classes.quiet}>
            <IconSelector size={16} aria-hidden />
          </ActionIcon>
        ) : (
          <SeveralButton shown={shown} accounts={accounts} />
        )}
      </Menu.Target>
      <Menu.Dropdown aria-label={t('frame.accounts')}>
        {accounts.map((account, index) => (
          <AccountItem
            key={account.id}
            account={account}
            index={index}
            isShown={account === shown}
            nowMs={nowMs}
          />
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconPlus size={15} aria-hidden />} onClick={addAccount}>
          {t('frame.addAccount')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface SeveralButtonProps {
  readonly shown: AccountSummary;
  readonly accounts: readonly AccountSummary[];
}

/** Names the shown account, and says how many reviews wait in the others. */
function SeveralButton({ shown, accounts, ...target }: SeveralButtonProps) {
  const Icon = CONNECTION_ICONS[shown.connection.kind];
  const elsewhere = accounts.reduce(
    (sum, { id, openReviews }) => sum + (id === shown.id ? 0 : openReviews),
    0,
  );
  const others = elsewhere === 0 ? '' : `, ${t('frame.reviewsElsewhere', { count: elsewhere })}`;
  const text = `${shown.name}, ${serviceName(shown.service)}${others}`;
  return (
    <UnstyledButton
      {...target}
      className={classes.account}
      aria-label={t('frame.accountNamed', { text })}
      title={text}
    >
      <Icon size={17} stroke={1.7} aria-hidden />
      <Lines
        first={shown.name}
        second={
          <>
            <span className={classes.where}>{serviceName(shown.service)}</span>{' '}
            {elsewhere > 0 && (
              <span className={classes.badge} aria-hidden>
                {badgeText(elsewhere)}
              </span>
            )}
          </>
        }
      />
      <IconSelector size={15} aria-hidden />
    </UnstyledButton>
  );
}

interface AccountItemProps {
  readonly account: AccountSummary;
  readonly index: number;
  readonly isShown: boolean;
  readonly nowMs: number;
}

function AccountItem({ account, index, isShown, nowMs }: AccountItemProps) {
  const { id, name, service, connection, openReviews } = account;
  const Icon = CONNECTION_ICONS[connection.kind];
  const state = connectionWords(connection, nowMs);
  const where = serviceName(service);
  const waiting = waitingWords(account);
  const open = openReviews === 0 ? null : t('words.openReviews', { count: openReviews });
  const label = [name, `${state} · ${where}`, waiting, open].filter((part) => part !== null).join(', ');
  const hasKey = index < LAST_ACCOUNT_KEY;
  return (
    <Menu.RadioItem
      value={id}
      checked={isShown}
      closeMenuOnClick
      checkIcon={<IconCheck size={15} />}
      aria-label={label}
      {...(hasKey && {
        'aria-keyshortcuts': `${isMac() ? 'Meta' : 'Control'}+Alt+${index + 1}`,
        title: `${isMac() ? '⌥⌘' : 'Ctrl+Alt+'}${index + 1}`,
      })}
      rightSection={
        openReviews > 0 && (
          <>
            {' '}
            <span className={classes.badge} aria-hidden>
              {badgeText(openReviews)}
            </span>
          </>
        )
      }
      onChange={showAccount}
    >
      <span className={classes.item}>
        <Icon size={16} stroke={1.7} aria-hidden />
        <Lines
          first={name}
          second={
            <>
              <span className={isAway(connection) ? classes.warning : undefined}>{state}</span> · {where}
            </>
          }
          third={waiting}
        />
      </span>
    </Menu.RadioItem>
  );
}

function isAway({ kind }: Connection): boolean {
  return kind !== 'online' && kind !== 'connecting';
}

/** Says which changes the service does not have yet, those that need a person first. */
function waitingWords({ asking, unsent }: AccountSummary): string | null {
  if (asking > 0) return t('frame.changesAsk', { count: asking });
  return unsent === 0 ? null : t('frame.changesUnsent', { count: unsent });
}

interface LinesProps {
  readonly first: string;
  readonly second: ReactNode;
  readonly third?: string | null;
}

function Lines({ first, second, third = null }: LinesProps) {
  return (
    <span className={classes.lines}>
      <span className={classes.first}>{first}</span> <span className={classes.second}>{second}</span>{' '}
      {third !== null && <span className={`${classes.third} ${classes.warning}`}>{third}</span>}
    </span>
  );
}
