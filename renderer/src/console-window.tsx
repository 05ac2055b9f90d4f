import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { useEffect, useLayoutEffect } from 'react';
import type { Screen } from '#shared/ipc/app';
import { bridge } from './bridge/bridge';
import classes from './console-window.module.css';
import { ActivityScreen } from './features/activity/index';
import { ConnectDialog, FirstStartScreen } from './features/connection/index';
import { KeysScreen, RotateDialog, SecretDialog } from './features/keys/index';
import { LogScreen } from './features/log/index';
import { Navigation } from './features/navigation/index';
import { PendingScreen } from './features/pending/index';
import { ProtectionScreen } from './features/protection/index';
import { AddRangeDialog, EditRangeDialog, ImportDialog, RangesScreen } from './features/ranges/index';
import { NetworkSection, SettingsScreen } from './features/settings/index';
import { Banners, OperationsDialog, SyncIndicator, WaitingView } from './features/sync-status/index';
import { useMirror } from './stores/mirror';
import { loadWelcome } from './stores/session';
import { showScreen, useUi } from './stores/ui';

const SCREENS: Readonly<Record<Screen, () => ReactNode>> = {
  pending: () => <PendingScreen />,
  log: () => <LogScreen />,
  ranges: () => <RangesScreen />,
  protection: () => <ProtectionScreen />,
  keys: () => <KeysScreen />,
  activity: () => <ActivityScreen />,
  settings: () => <SettingsScreen />,
};

function isScreen(name: string | null): name is Screen {
  return name !== null && Object.hasOwn(SCREENS, name);
}

interface ConsoleWindowProps {
  /** The screen that the window was opened for. */
  readonly first: string | null;
}

export function ConsoleWindow({ first }: ConsoleWindowProps) {
  const status = useMirror((mirror) => mirror.status);
  const connectionKind = useMirror((mirror) => mirror.connection.kind);
  const hasData = useMirror((mirror) => mirror.account !== null);
  const screen = useUi((ui) => ui.screen);

  useLayoutEffect(() => {
    if (isScreen(first)) showScreen(first);
  }, [first]);
  useEffect(() => bridge().events.app.navigate(({ screen: wanted }) => showScreen(wanted)), []);
  useEffect(() => {
    if (connectionKind === 'online') void loadWelcome();
  }, [connectionKind]);

  if (status === 'loading') {
    return (
      <Center h="100%" role="status" aria-label="Starting">
        <Loader size="sm" type="dots" />
      </Center>
    );
  }
  if (status === 'ready' && connectionKind === 'none')
    return <FirstStartScreen network={<NetworkSection />} />;
  return (
    <div className={classes.window}>
      <Navigation sync={<SyncIndicator />} />
      <main className={classes.main}>
        <Banners />
        <div className={classes.screen}>
          {/* Settings stay available when nothing was ever loaded, for example to connect elsewhere. */}
          {hasData || screen === 'settings' ? SCREENS[screen]() : <WaitingView />}
        </div>
      </main>
      <AddRangeDialog />
      <EditRangeDialog />
      <ImportDialog />
      <ConnectDialog />
      <OperationsDialog />
      <RotateDialog />
      <SecretDialog />
    </div>
  );
}
