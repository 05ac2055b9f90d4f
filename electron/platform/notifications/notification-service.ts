import { MINUTE_MS } from '#shared/durations';
import type { Announcement } from '../../core/ports';
import { backoffDelayMs } from '../../core/sync/backoff';
import type { BusConnection, BusReply, BusSignal } from './bus-connection';
import { type Capabilities, capabilitiesOf, NOTIFY_SIGNATURE, notifyArguments } from './notify-arguments';
import { SessionBus, type SessionBusParts } from './session-bus';

const SERVICE = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const INHIBITED = 'Inhibited';
const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

const MATCH_RULES = [
  `type='signal',sender='${BUS.destination}',interface='${BUS.interface}',member='NameOwnerChanged',arg0='${SERVICE}'`,
  `type='signal',sender='${SERVICE}',path='${PATH}',interface='${SERVICE}'`,
  `type='signal',sender='${SERVICE}',path='${PATH}',interface='${PROPERTIES}',arg0='${SERVICE}'`,
];

/** The connection to the bus ended before the answer. */
const DISCONNECTED = 'org.freedesktop.DBus.Error.Disconnected';
/** The reason "a person dismissed it". The others are expiry, a program's call, and undefined. */
const DISMISSED = 2;
/** These errors mean that the server went away, not that it refused the call. */
const GONE = new Set([
  DISCONNECTED,
  'org.freedesktop.DBus.Error.NoReply',
  'org.freedesktop.DBus.Error.ServiceUnknown',
  'org.freedesktop.DBus.Error.NameHasNoOwner',
]);

/** Assumed when a server does not answer: markup is escaped, and actions are offered. */
const ASSUMED: Capabilities = { actions: true, markup: true, click: true };
/** Short, because nothing is shown meanwhile. */
const TELL_TIMEOUT_MS = 2_000;
const ASK_AGAIN = { floorMs: 500, baseMs: 1_000, ceilingMs: MINUTE_MS };

export type NotifyOutcome =
  /** The server's number of the notification. */
  | { readonly kind: 'shown'; readonly number: number }
  | { readonly kind: 'refused'; readonly message: string }
  /** The server is gone, and its notifications with it. */
  | { readonly kind: 'lost' };

export interface NotificationServiceObserver {
  /** A server is there. `server` stays the same only while that server runs. */
  onServer?(server: string): void;
  onServerGone?(): void;
  onAction?(number: number, key: string): void;
  /** Only a notification that a person dismissed was certainly seen. */
  onClosed?(number: number, isByPerson: boolean): void;
  onInhibited?(isInhibited: boolean): void;
}

export interface NotificationServiceParts extends SessionBusParts {
  /** The path of the app's picture. */
  readonly icon: string;
}

interface Server {
  /** Its unique name on the bus, which distinguishes it from a program that takes over the service. */
  readonly owner: string;
  /** Undefined until the server has answered. */
  capabilities: Capabilities | undefined;
}

/**
 * The notification server of a freedesktop desktop, whichever program that is at the moment.
 * https://specifications.freedesktop.org/notification-spec/latest/protocol.html
 */
export class NotificationService {
  readonly #bus: SessionBus;
  readonly #parts: NotificationServiceParts;
  readonly #log: SessionBusParts['log'];
  readonly #stopping = new AbortController();
  readonly #observers: NotificationServiceObserver[] = [];
  #connection: BusConnection | undefined;
  #server: Server | undefined;
  /** The id of the bus; names are unique on one bus only. */
  #busId = '';
  #isLooking = false;
  #isKnownMissing = false;

  constructor(parts: NotificationServiceParts) {
    this.#parts = parts;
    this.#log = parts.log;
    this.#bus = new SessionBus(parts, {
      onConnection: (connection) => this.#begin(connection),
      onSignal: (signal) => this.#hear(signal),
      onDown: (reason) => this.#onDown(reason),
    });
  }

  start(): void {
    this.#bus.start();
  }

  stop(): void {
    this.#stopping.abort();
    this.#bus.stop();
  }

  observe(observer: NotificationServiceObserver): void {
    this.#observers.push(observer);
  }

  /** Undefined while there is no server, or it has not answered. */
  get capabilities(): Capabilities | undefined {
    return this.#server?.capabilities;
  }

  /** True once the absence of a server is known. */
  get isMissing(): boolean {
    return this.#isKnownMissing;
  }

  /** Shows a notification in place of the one with the number `replaces` (0 for none). There must be a server. */
  notify(announcement: Announcement, replaces: number, onOutcome: (outcome: NotifyOutcome) => void): void {
    const { owner, capabilities } = this.#server ?? {};
    if (owner === undefined || !capabilities || this.#connection === undefined) {
      onOutcome({ kind: 'lost' });
      return;
    }
    const body = notifyArguments(announcement, replaces, capabilities, this.#parts.icon);
    const call = { ...toServer(owner), member: 'Notify', signature: NOTIFY_SIGNATURE, body };
    // No timeout: a late answer still brings the number without which the notification could never be withdrawn.
    this.#connection.call({ ...call, timeoutMs: 0 }, (reply) => onOutcome(outcomeOf(reply)));
  }

  close(number: number): void {
    if (this.#server === undefined) return;
    const call = {
      ...toServer(this.#server.owner),
      member: 'CloseNotification',
      signature: 'u',
      body: [number],
    };
    this.#connection?.send(call);
  }

  /** Looks for a server, and lets the bus start one: some servers end when they have nothing to show. */
  look(): void {
    const connection = this.#connection;
    if (connection === undefined || this.#server !== undefined || this.#isLooking) return;
    this.#isLooking = true;
    connection.call(
      { ...BUS, member: 'StartServiceByName', signature: 'su', body: [SERVICE, 0] },
      (started) => {
        connection.call({ ...BUS, member: 'GetNameOwner', signature: 's', body: [SERVICE] }, (reply) => {
          // Without the bus the reply says nothing about a server; `onDown` reports the connection's end.
          if (connection !== this.#connection || (!reply.ok && reply.name === DISCONNECTED)) return;
          this.#isLooking = false;
          const owner = reply.ok ? textOf(reply.values[0]) : '';
          if (owner !== '') this.#adopt(owner);
          else if (this.#server === undefined)
            this.#missing(started.ok ? 'it ended at once' : started.message);
        });
      },
    );
  }

  #begin(connection: BusConnection): void {
    this.#connection = connection;
    this.#isLooking = false;
    // The bus answers this before any later call.
    connection.call({ ...BUS, member: 'GetId' }, (reply) => {
      this.#busId = reply.ok ? textOf(reply.values[0]) : '';
    });
    for (const rule of MATCH_RULES) {
      connection.call({ ...BUS, member: 'AddMatch', signature: 's', body: [rule] }, (reply) => {
        if (reply.ok) this.#bus.answered();
        // Without the match rule a person's clicks would not arrive.
        else connection.fail(reply.message);
      });
    }
    this.look();
  }

  #onDown(reason: string): void {
    this.#connection = undefined;
    this.#forget();
    this.#missing(`the session bus does not answer: ${reason}`);
  }

  #hear(signal: BusSignal): void {
    const [first, second, third] = signal.body;
    if (signal.sender === BUS.destination) {
      if (signal.member === 'NameOwnerChanged' && first === SERVICE) this.#adopt(textOf(third));
      return;
    }
    // Any program may send signals of these names; only those of the service's owner count.
    if (signal.sender !== this.#server?.owner || signal.path !== PATH) return;
    if (signal.interface === PROPERTIES && first === SERVICE) this.#hearProperties(second, third);
    if (signal.interface !== SERVICE || typeof first !== 'number') return;
    if (signal.member === 'ActionInvoked' && typeof second === 'string')
      this.#each((observer) => observer.onAction?.(first, second));
    if (signal.member === 'NotificationClosed')
      this.#each((observer) => observer.onClosed?.(first, second === DISMISSED));
  }

  #adopt(owner: string): void {
    if (owner === (this.#server?.owner ?? '')) return;
    this.#forget();
    const connection = this.#connection;
    if (owner === '' || connection === undefined) return;
    const server: Server = { owner, capabilities: undefined };
    this.#server = server;
    this.#askCapabilities(connection, server, 1);
    this.#askInhibited(connection, server);
  }

  #askCapabilities(connection: BusConnection, server: Server, tries: number): void {
    const to = { ...toServer(server.owner), timeoutMs: TELL_TIMEOUT_MS };
    let name = '';
    // This reply comes before the next one.
    connection.call({ ...to, member: 'GetServerInformation' }, (reply) => {
      if (reply.ok) name = textOf(reply.values[0]);
    });
    connection.call({ ...to, member: 'GetCapabilities' }, (reply) => {
      if (server !== this.#server) return;
      const names = reply.ok && Array.isArray(reply.values[0]) ? reply.values[0] : undefined;
      if (names === undefined) void this.#askLater(connection, server, tries);
      // Until a server answers, the assumed capabilities hold: right for most and safe for all.
      const told = names === undefined ? ASSUMED : capabilitiesOf(names, name);
      if (server.capabilities !== undefined && isSame(server.capabilities, told)) return;
      server.capabilities = told;
      this.#isKnownMissing = false;
      this.#log.info('notifications.server', { ...told, isAssumed: names === undefined });
      this.#each((observer) => observer.onServer?.(`${this.#busId} ${server.owner}`));
    });
  }

  /** A server that is still starting may refuse its first call, or leave it unanswered. */
  async #askLater(connection: BusConnection, server: Server, tries: number): Promise<void> {
    const { clock, random } = this.#parts;
    await clock.sleep(backoffDelayMs(tries, ASK_AGAIN, random), this.#stopping.signal);
    if (server === this.#server) this.#askCapabilities(connection, server, tries + 1);
  }

  /** Plasma has this property; servers without it, such as GNOME's, hold banners back without reporting it. */
  #askInhibited(connection: BusConnection, server: Server): void {
    const call = {
      ...toServer(server.owner),
      interface: PROPERTIES,
      signature: 'ss',
      body: [SERVICE, INHIBITED],
    };
    connection.call({ ...call, member: 'Get' }, (reply) => {
      if (server === this.#server && reply.ok) this.#tellInhibited(reply.values[0] === true);
    });
  }

  #hearProperties(changed: unknown, invalidated: unknown): void {
    if (this.#connection === undefined || this.#server === undefined) return;
    if (isRecord(changed) && typeof changed[INHIBITED] === 'boolean') this.#tellInhibited(changed[INHIBITED]);
    else if (Array.isArray(invalidated) && invalidated.includes(INHIBITED))
      this.#askInhibited(this.#connection, this.#server);
  }

  #forget(): void {
    if (this.#server === undefined) return;
    this.#server = undefined;
    this.#each((observer) => observer.onServerGone?.());
    this.#tellInhibited(false);
  }

  #missing(reason: string): void {
    // Logged once, because it may stay so for weeks.
    if (!this.#isKnownMissing) this.#log.warn('notifications.unsupported', { reason });
    this.#isKnownMissing = true;
  }

  #tellInhibited(isInhibited: boolean): void {
    this.#each((observer) => observer.onInhibited?.(isInhibited));
  }

  #each(tell: (observer: NotificationServiceObserver) => void): void {
    for (const observer of this.#observers) tell(observer);
  }
}

function toServer(owner: string): { destination: string; path: string; interface: string } {
  return {
    destination: owner,
    path: PATH,
    interface: SERVICE,
  };
}

function outcomeOf(reply: BusReply): NotifyOutcome {
  if (!reply.ok) return GONE.has(reply.name) ? { kind: 'lost' } : { kind: 'refused', message: reply.message };
  const [number] = reply.values;
  return typeof number === 'number' && number > 0
    ? { kind: 'shown', number }
    : { kind: 'refused', message: 'the server gave it no number' };
}

function isSame(a: Capabilities, b: Capabilities): boolean {
  return a.actions === b.actions && a.markup === b.markup && a.click === b.click;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
