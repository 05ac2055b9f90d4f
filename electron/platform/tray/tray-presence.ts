import { existsSync } from 'node:fs';
import type { Clock, Log, Random, TrayPresence } from '../../core/ports';
import { sessionBusAddress } from '../notifications/session-bus';
import { StatusNotifierPresence } from './status-notifier-presence';

export interface WatchedTray extends TrayPresence {
  stop(): void;
}

function constantly(isShown: boolean): WatchedTray {
  return {
    isShown: () => isShown,
    subscribe: () => () => undefined,
    stop: () => undefined,
  };
}

/** Watches whether this desktop shows a tray. */
export function watchTray(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  parts: { readonly clock: Clock; readonly random: Random; readonly log: Log },
): WatchedTray {
  // The menu bar of macOS and the notification area of Windows are always there.
  if (platform === 'darwin' || platform === 'win32') return constantly(true);
  const address = sessionBusAddress(env, existsSync);
  if (address === undefined) return constantly(false);
  const presence = new StatusNotifierPresence({ address, ...parts });
  presence.start();
  return presence;
}
