import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { useEffect, useLayoutEffect } from 'react';
import type { Screen } from '#shared/ipc/screens';
import { t } from '#shared/i18n/t';
import { bridge } from './bridge/bridge';
import classes from './console-window.module.css';
import { ActivityScreen } from './features/activity/index';
import { FirstStartScreen, TokenDialog } from './features/connection/index';
import { CreateDialog, KeysScreen, RotateDialog, SecretDialog } from './features/keys/index';
import { LogScreen } from './features/log/index';
import { Navigation } from './features/navigation/index';
import { OverviewScreen } from './features/overview/index';
import { openPalette, Palette } from './features/palette/index';
import { PendingScreen, undoableAnswer } from './features/pending/index';
import { ProtectionScreen } from './features/protection/index';
import {
  AddRangeDialog,
  EditRangeDialog,
  ExportDialog,
  ImportDialog,
  RangesScreen,
} from './features/ranges/index';
import { NetworkSection, SettingsScreen } from './features/settings/index';
import {
  Banners,
  ImpactQuestion,
  OperationsDialog,
  SyncIndicator,
  WaitingView,
} from './features/sync-status/index';
import { AddUserDialog, UsersScreen } from './features/users/index';
import { useMirror } from './stores/mirror';
import { accountKeyOf } from './stores/mirror-model';
import { startPlaces } from './stores/places';
import { loadWelcome } from './stores/session';
import { addAccount, showScreen, showSources, useUi } from './stores/ui';

const SCREENS: Readonly<Record<Screen, () => ReactNode>> = {
  overview: () => <OverviewScreen />,
  pending: () => <PendingScreen />,
  log: () => <LogScreen />,
  ranges: () => <RangesScreen />,
  protection: () => <ProtectionScreen />,
  keys: () => <KeysScreen />,
  users: () => <UsersScreen />,
  activity: () => <ActivityScreen />,
  settings: () => <SettingsScreen />,
};

function isScreen(name: string | null): name is Screen {
  return name !== null && Object.hasOwn(SCREENS, name);
}

function lead(place: string | null): void {
  if (place === 'sources') showSources();
  else if (place === 'add-account') addAccount();
  else if (place === 'search') {
    // Without a screen it would open by itself later.
    if (useMirror.getState().account !== null && !useUi.getState().isAddingAccount) openPalette();
  } else if (isScreen(place)) showScreen(place);
}

interface ConsoleWindowProps {
  /** The place that the window was opened for. */
  readonly first: string | null;
}

export function ConsoleWindow({ first }: ConsoleWindowProps) {
  const status = useMirror((mirror) => mirror.status);
  const connectionKind = useMirror((mirror) => mirror.connection.kind);
  const hasData = useMirror((mirror) => mirror.account !== null);
  const accountKey = useMirror(accountKeyOf);
  const screen = useUi((ui) => ui.screen);
  const isAdding = useUi((ui) => ui.isAddingAccount);

  useLayoutEffect(() => startPlaces(() => lead(first)), [first]);
  useEffect(() => bridge().events.app.navigate(({ place }) => lead(place)), []);
  useEffect(() => {
    if (connectionKind === 'online') void loadWelcome();
  }, [connectionKind, accountKey]);

  if (status === 'loading') {
    return (
      <Center h="100%" role="status" aria-label={t('frame.starting')}>
        <Loader size="sm" type="dots" />
      </Center>
    );
  }
  const isUnconnected = status === 'ready' && connectionKind === 'none';
  if (isUnconnected || isAdding) {
    return <FirstStartScreen network={<NetworkSection />} isAddition={!isUnconnected} />;
  }
  return (
    <div className={classes.window}>
      <Navigation search={<Palette undoableAnswer={undoableAnswer} />} sync={<SyncIndicator />} />
      {/* No screen keeps anything of another account. */}
      <main key={accountKey} className={classes.main}>
        <Banners />
        <div className={classes.screen}>
          {/* Settings stay available when nothing was ever loaded, for example to connect elsewhere. */}
          {hasData || screen === 'settings' ? SCREENS[screen]() : <WaitingView />}
        </div>
      </main>
      <AddRangeDialog />
      <EditRangeDialog />
      <ImportDialog />
      <ExportDialog />
      <TokenDialog />
      <OperationsDialog />
      <ImpactQuestion />
      <CreateDialog />
      <AddUserDialog />
      <RotateDialog />
      <SecretDialog />
    </div>
  );
}
