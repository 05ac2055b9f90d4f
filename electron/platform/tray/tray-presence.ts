import { existsSync } from 'node:fs';
import type { Clock, Log, Random, TrayPresence } from '../../core/ports';
import { BUS, type BusConnection, type BusReply, type BusSignal } from '../notifications/bus-connection';
import { SessionBus, sessionBusAddress, type SessionBusParts } from '../notifications/session-bus';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const PATH = '/StatusNotifierWatcher';
/** Asks the watcher whether a host shows its items. */
const HAS_HOST = {
  destination: WATCHER,
  path: PATH,
  interface: 'org.freedesktop.DBus.Properties',
  member: 'Get',
  signature: 'ss',
  body: [WATCHER, 'IsStatusNotifierHostRegistered'],
} as const;

const MATCH_RULES = [
  `type='signal',sender='${BUS.destination}',interface='${BUS.interface}',member='NameOwnerChanged',arg0='${WATCHER}'`,
  `type='signal',sender='${WATCHER}',path='${PATH}',interface='${WATCHER}',member='StatusNotifierHostRegistered'`,
  `type='signal',sender='${WATCHER}',path='${PATH}',interface='${WATCHER}',member='StatusNotifierHostUnregistered'`,
];

/**
 * Tells whether a freedesktop desktop shows a tray: a watcher is on the session bus, and a panel has registered with it as
 * a host. GNOME has neither without an extension. It asks only when the bus reports a change.
 * https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/StatusNotifierWatcher/
 */
export class StatusNotifierPresence implements TrayPresence {
  readonly #bus: SessionBus;
  readonly #log: SessionBusParts['log'];
  readonly #listeners = new Set<() => void>();
  #connection: BusConnection | undefined;
  /** Numbers the queries; replies to older ones are ignored. */
  #asked = 0;
  #isShown = false;

  constructor(parts: SessionBusParts) {
    this.#log = parts.log;
    this.#bus = new SessionBus(parts, {
      matchRules: MATCH_RULES,
      onConnection: (connection) => {
        this.#connection = connection;
        this.#query();
      },
      onSignal: (signal) => this.#hear(signal),
      onDown: () => this.#end(),
    });
  }

  start(): void {
    this.#bus.start();
  }

  stop(): void {
    this.#bus.stop();
  }

  isShown(): boolean {
    return this.#isShown;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #end(): void {
    this.#connection = undefined;
    this.#asked += 1;
    this.#become(false);
  }

  #hear(signal: BusSignal): void {
    if (signal.member === 'NameOwnerChanged' && signal.sender === BUS.destination && signal.body[2] === '') {
      this.#asked += 1;
      this.#become(false);
    } else {
      // Any program can send these signals, so only the watcher's own answer counts.
      this.#query();
    }
  }

  #query(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#asked += 1;
    const asked = this.#asked;
    const conclude = (isShown: boolean): void => {
      if (asked === this.#asked) this.#become(isShown);
    };
    // This comes first, because a call to a name without an owner may start a program.
    connection.call({ ...BUS, member: 'NameHasOwner', signature: 's', body: [WATCHER] }, (owned) => {
      if (isTrue(owned)) connection.call(HAS_HOST, (reply) => conclude(isTrue(reply)));
      else conclude(false);
    });
  }

  #become(isShown: boolean): void {
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    this.#log.info(isShown ? 'tray.shown' : 'tray.gone');
    for (const listener of this.#listeners) listener();
  }
}

function isTrue(reply: BusReply): boolean {
  return reply.ok && reply.values[0] === true;
}

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
