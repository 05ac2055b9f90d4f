import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { useEffect, useLayoutEffect } from 'react';
import type { Screen } from '#shared/ipc/app';
import { bridge } from './bridge/bridge';
import classes from './console-window.module.css';
import { ActivityView } from './features/activity/index';
import { ConnectDialog, FirstStartView } from './features/connection/index';
import { KeysView, SecretDialog } from './features/keys/index';
import { LogView } from './features/log/index';
import { NavigationView } from './features/navigation/index';
import { PendingView } from './features/pending/index';
import { ProtectionView } from './features/protection/index';
import { AddRangeDialog, EditRangeDialog, ImportDialog, RangesView } from './features/ranges/index';
import { NetworkSection, SettingsView } from './features/settings/index';
import { BannersView, EditsDialog, SyncIndicator, WaitingView } from './features/sync-status/index';
import { useMirror } from './stores/mirror';
import { loadWelcome } from './stores/session';
import { showScreen, useUi } from './stores/ui';

const SCREENS: Readonly<Record<Screen, () => ReactNode>> = {
  pending: () => <PendingView />,
  log: () => <LogView />,
  ranges: () => <RangesView />,
  protection: () => <ProtectionView />,
  keys: () => <KeysView />,
  activity: () => <ActivityView />,
  settings: () => <SettingsView />,
};

const isScreen = (name: string | null): name is Screen => name !== null && Object.hasOwn(SCREENS, name);

interface ConsoleWindowProps {
  /** The screen that it was opened for. */
  readonly first: string | null;
}

/** The console's main window: the first start, or the screens beside their navigation. */
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
  if (status === 'ready' && connectionKind === 'none') return <FirstStartView network={<NetworkSection />} />;
  return (
    <div className={classes.window}>
      <NavigationView sync={<SyncIndicator />} />
      <main className={classes.main}>
        <BannersView />
        <div className={classes.screen}>
          {/* Settings also help where nothing was ever loaded, e.g. to connect elsewhere. */}
          {hasData || screen === 'settings' ? SCREENS[screen]() : <WaitingView />}
        </div>
      </main>
      <AddRangeDialog />
      <EditRangeDialog />
      <ImportDialog />
      <ConnectDialog />
      <EditsDialog />
      <SecretDialog />
    </div>
  );
}
