import { notifications } from '@mantine/notifications';
import type { Account } from '#shared/domain/entities';
import type { Connection } from '#shared/ipc/connection';
import type { Outcome } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { serviceName } from '../../domain/connection-words';
import { explainFailure } from '../../domain/failures';
import { refusalOf } from '../../domain/permissions';
import { showAccount, useAccounts } from '../../stores/accounts';
import { useMirror } from '../../stores/mirror';
import { useNotifications } from '../../stores/notifications';
import { addAccount, draftRange, enterToken, showScreen, useUi } from '../../stores/ui';

/** Something that can be chosen. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  /** The reason why it cannot be chosen; undefined if it can. */
  readonly refusal?: string | undefined;
  readonly run: () => void;
}

/** The last answer that can be taken back; null if there is none. */
export type UndoableAnswer = () => { readonly words: string; readonly undo: () => void } | null;

/** Returns what can be done now. All of it leads somewhere, can be taken back, or concerns this computer alone. */
export function actions(undoableAnswer: UndoableAnswer): readonly Choice[] {
  const { connection, account } = useMirror.getState();
  return [
    ...(account === null ? [] : accountActions(account, undoableAnswer)),
    ...connectionActions(connection),
    { id: 'changes', label: t('palette.listChanges'), run: () => useUi.setState({ operationsListed: true }) },
    ...notificationActions(),
    ...otherAccounts(),
    { id: 'add-account', label: t('frame.addAccount'), run: addAccount },
  ];
}

function accountActions(account: Account, undoableAnswer: UndoableAnswer): readonly Choice[] {
  const answer = undoableAnswer();
  const rangeRefusal = refusalOf(account, 'authorized_ips');
  return [
    ...(answer === null ? [] : [undoOf(answer.words, undoableAnswer)]),
    { id: 'add-range', label: t('palette.addRange'), refusal: rangeRefusal, run: () => draftRange({}) },
    {
      id: 'import',
      label: t('palette.importRanges'),
      refusal: rangeRefusal,
      run: () => useUi.setState({ importOpen: true }),
    },
    {
      id: 'create-key',
      label: t('palette.createKey'),
      refusal: refusalOf(account, 'api_keys'),
      run: () => useUi.setState({ isCreatingKey: true }),
    },
    {
      id: 'add-user',
      label: t('palette.addUser'),
      refusal: refusalOf(account, 'owner'),
      run: () => useUi.setState({ isAddingUser: true }),
    },
    {
      id: 'mode',
      label: t('palette.changeMode'),
      refusal: rangeRefusal,
      run: () => showScreen('protection'),
    },
  ];
}

/** The time for taking an answer back goes on while the list is open. */
function undoOf(label: string, undoableAnswer: UndoableAnswer): Choice {
  return {
    id: 'undo',
    label,
    run() {
      const answer = undoableAnswer();
      if (answer?.words === label) answer.undo();
    },
  };
}

function connectionActions(connection: Connection): readonly Choice[] {
  if (connection.kind === 'none' || connection.kind === 'online' || connection.kind === 'connecting')
    return [];
  const { kind, service } = connection;
  const retry: Choice = {
    id: 'retry',
    label: t('palette.connectNow'),
    run: () => void tell(settle(() => bridge().calls.connection.retry())),
  };
  // A person cannot enter another token for the service of this computer.
  return kind === 'unauthorized' && service.kind === 'remote'
    ? [retry, { id: 'token', label: t('settings.enterToken'), run: () => enterToken(service.url) }]
    : [retry];
}

function notificationActions(): readonly Choice[] {
  const state = useNotifications.getState().value;
  if (state === null) return [];
  if (state.snoozedUntil !== null) {
    const run = (): void =>
      void tell(
        settle(() => bridge().calls.notifications.wake()),
        t('palette.resumed'),
      );
    return [{ id: 'resume', label: t('palette.resume'), run }];
  }
  const refusal = state.preferences.enabled ? undefined : t('words.quiet_off');
  return (['hour', 'tomorrow'] as const).map((until) => ({
    id: `pause-${until}`,
    label: t(until === 'hour' ? 'palette.pauseHour' : 'palette.pauseTomorrow'),
    refusal,
    run: () =>
      void tell(
        settle(() => bridge().calls.notifications.snooze({ for: until })),
        t('words.quiet_snoozed'),
      ),
  }));
}

function otherAccounts(): readonly Choice[] {
  const list = useAccounts.getState().value;
  if (list === null) return [];
  return list.accounts.flatMap(({ id, name, service, openReviews }) => {
    const open = openReviews === 0 ? '' : ` · ${t('words.openReviews', { count: openReviews })}`;
    return id === list.shownId
      ? []
      : [
          {
            id: `account ${id}`,
            label: t('palette.switchTo', { name }),
            detail: `${serviceName(service)}${open}`,
            run: () => showAccount(id),
          },
        ];
  });
}

/** Shows what became of a call that has no form of its own. */
async function tell(call: Promise<Outcome<unknown>>, done?: string): Promise<void> {
  const outcome = await call;
  if (!outcome.ok) {
    notifications.show({ message: explainFailure(outcome.failure, Date.now()).message, color: 'red' });
  } else if (done !== undefined) notifications.show({ message: done });
}
