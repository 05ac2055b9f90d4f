import type { TrayPresence } from '../../core/ports';
import type { BusConnection, BusReply, BusSignal } from '../notifications/bus-connection';
import { SessionBus, type SessionBusParts } from '../notifications/session-bus';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const PATH = '/StatusNotifierWatcher';
const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const;
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
      onConnection: (connection) => this.#begin(connection),
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

  #begin(connection: BusConnection): void {
    this.#connection = connection;
    for (const rule of MATCH_RULES) {
      connection.call({ ...BUS, member: 'AddMatch', signature: 's', body: [rule] }, (reply) => {
        if (reply.ok) this.#bus.answered();
        else {
          this.#log.warn('tray.bus_refused', { message: reply.message });
          // Without the match rule no tray that comes or goes would be noticed.
          connection.fail(reply.message);
        }
      });
    }
    this.#look();
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
      this.#look();
    }
  }

  #look(): void {
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
