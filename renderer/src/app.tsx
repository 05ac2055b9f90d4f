import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { SECOND_MS } from '#shared/durations';
import { ApprovalWindow } from './approval-window';
import { setPageLanguage, styleNonce, type WindowKind } from './bridge/page';
import { ConsoleWindow } from './console-window';
import { startAccounts } from './stores/accounts';
import { startDesktop } from './stores/desktop';
import { useLanguage } from './ui/use-language';
import { startMirror, useMirror } from './stores/mirror';
import { startNotifications } from './stores/notifications';
import { startSession } from './stores/session';
import { startSettled } from './stores/settled';
import { setColorScheme, startColorScheme, useUi } from './stores/ui';
import { ClockProvider } from './ui/clock';
import { resolveVariables, theme } from './ui/theme';

let unsubscribe: (() => void) | undefined;

/** Lets the component library follow the colour scheme of the ui store. */
const colorSchemeManager = {
  get: () => useUi.getState().colorScheme,
  set: setColorScheme,
  subscribe: (listener: (scheme: 'light' | 'dark' | 'auto') => void) => {
    unsubscribe = useUi.subscribe((state, before) => {
      if (state.colorScheme !== before.colorScheme) listener(state.colorScheme);
    });
  },
  unsubscribe: () => unsubscribe?.(),
  clear: () => setColorScheme('auto'),
};

interface AppProps {
  readonly kind: WindowKind;
  /** Milliseconds since the epoch; replaced in tests. */
  readonly now?: () => number;
}

export function App({ kind, now }: AppProps) {
  useEffect(() => {
    const stops = [
      startMirror(),
      startAccounts(),
      startSettled(),
      startSession(),
      startColorScheme(),
      startNotifications(),
      startDesktop(),
    ];
    return () => stops.forEach((stop) => stop());
  }, []);
  const language = useLanguage();
  useEffect(() => setPageLanguage(language), [language]);
  // All times in the window come from the service, so the clock is set to the service's.
  const clockOffsetMs = useMirror((mirror) => mirror.clockOffsetMs);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      getStyleNonce={styleNonce}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <ClockProvider offsetMs={clockOffsetMs} {...(now === undefined ? {} : { now })}>
        <Notifications position="bottom-right" autoClose={6 * SECOND_MS} limit={3} />
        {kind.kind === 'approval' ? (
          <ApprovalWindow first={kind.review} />
        ) : (
          <ConsoleWindow first={kind.place} />
        )}
      </ClockProvider>
    </MantineProvider>
  );
}
