import { MINUTE_MS } from '#shared/durations';
import type { Announcement } from '../../core/ports';
import { backoffDelayMs } from '../../core/sync/backoff';
import { type BusConnection, type BusReply, type BusSignal, DISCONNECTED, textOf } from './bus-connection';
import { type Capabilities, capabilitiesOf, NOTIFY_SIGNATURE, notifyArguments } from './notify-arguments';
import type { SessionBusParts } from './session-bus';

export const SERVICE = 'org.freedesktop.Notifications';
export const PATH = '/org/freedesktop/Notifications';
export const PROPERTIES = 'org.freedesktop.DBus.Properties';
const INHIBITED = 'Inhibited';

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

export interface RunningServerParts extends SessionBusParts {
  /** The path of the app's picture. */
  readonly icon: string;
}

export interface RunningServerEvents {
  /** The capabilities are known, or other ones than before. */
  onCapabilities(): void;
  onAction(number: number, key: string): void;
  /** Only a notification that a person dismissed was certainly seen. */
  onClosed(number: number, isByPerson: boolean): void;
  onInhibited(isInhibited: boolean): void;
}

/**
 * One notification server, for as long as it runs.
 * https://specifications.freedesktop.org/notification-spec/latest/protocol.html
 */
export class RunningServer {
  /** Its unique name on the bus, which distinguishes it from a program that takes over the service. */
  readonly owner: string;
  readonly #connection: BusConnection;
  readonly #parts: RunningServerParts;
  readonly #events: RunningServerEvents;
  readonly #ending = new AbortController();
  #capabilities: Capabilities | undefined;

  constructor(
    owner: string,
    connection: BusConnection,
    parts: RunningServerParts,
    events: RunningServerEvents,
  ) {
    this.owner = owner;
    this.#connection = connection;
    this.#parts = parts;
    this.#events = events;
  }

  start(): void {
    this.#askCapabilities(1);
    this.#askInhibited();
  }

  /** Ignores whatever the server still sends. */
  end(): void {
    this.#ending.abort();
  }

  /** Undefined until the server has answered. */
  get capabilities(): Capabilities | undefined {
    return this.#capabilities;
  }

  /** Shows a notification instead of the one with the number `replaces` (0 for none). */
  notify(announcement: Announcement, replaces: number, onOutcome: (outcome: NotifyOutcome) => void): void {
    if (this.#capabilities === undefined) {
      onOutcome({ kind: 'lost' });
      return;
    }
    const body = notifyArguments(announcement, replaces, this.#capabilities, this.#parts.icon);
    const call = { ...this.#address, member: 'Notify', signature: NOTIFY_SIGNATURE, body };
    // No timeout: a late answer still brings the number without which the notification could never be withdrawn.
    this.#connection.call({ ...call, timeoutMs: 0 }, (reply) => onOutcome(outcomeOf(reply)));
  }

  close(number: number): void {
    this.#connection.send({
      ...this.#address,
      member: 'CloseNotification',
      signature: 'u',
      body: [number],
    });
  }

  hear({ sender, path, interface: name, member, body }: BusSignal): void {
    // Any program may send signals of these names; only those of the service's owner count.
    if (sender !== this.owner || path !== PATH) return;
    const [first, second, third] = body;
    if (name === PROPERTIES && first === SERVICE) this.#hearProperties(second, third);
    if (name !== SERVICE || typeof first !== 'number') return;
    if (member === 'ActionInvoked' && typeof second === 'string') this.#events.onAction(first, second);
    if (member === 'NotificationClosed') this.#events.onClosed(first, second === DISMISSED);
  }

  get #address() {
    return { destination: this.owner, path: PATH, interface: SERVICE };
  }

  #askCapabilities(tries: number): void {
    const to = { ...this.#address, timeoutMs: TELL_TIMEOUT_MS };
    let name = '';
    // This reply comes before the next one.
    this.#connection.call({ ...to, member: 'GetServerInformation' }, (reply) => {
      name = textOf(reply);
    });
    this.#connection.call({ ...to, member: 'GetCapabilities' }, (reply) => {
      if (this.#ending.signal.aborted) return;
      const names = reply.ok && Array.isArray(reply.values[0]) ? reply.values[0] : undefined;
      if (names === undefined) void this.#askLater(tries);
      // Until a server answers, the assumed capabilities hold: right for most and safe for all.
      const told = names === undefined ? ASSUMED : capabilitiesOf(names, name);
      if (JSON.stringify(told) === JSON.stringify(this.#capabilities)) return;
      this.#capabilities = told;
      this.#parts.log.info('notifications.server', { ...told, isAssumed: names === undefined });
      this.#events.onCapabilities();
    });
  }

  /** A server that is still starting may refuse its first call, or leave it unanswered. */
  async #askLater(tries: number): Promise<void> {
    const { clock, random } = this.#parts;
    await clock.sleep(backoffDelayMs(tries, ASK_AGAIN, random), this.#ending.signal);
    if (!this.#ending.signal.aborted) this.#askCapabilities(tries + 1);
  }

  /** Plasma has this property; servers without it, such as GNOME's, hold banners back without reporting it. */
  #askInhibited(): void {
    const property = { interface: PROPERTIES, signature: 'ss', body: [SERVICE, INHIBITED] };
    this.#connection.call({ ...this.#address, ...property, member: 'Get' }, (reply) => {
      if (!this.#ending.signal.aborted && reply.ok) this.#events.onInhibited(reply.values[0] === true);
    });
  }

  #hearProperties(changed: unknown, invalidated: unknown): void {
    const value = isRecord(changed) ? changed[INHIBITED] : undefined;
    if (typeof value === 'boolean') this.#events.onInhibited(value);
    else if (Array.isArray(invalidated) && invalidated.includes(INHIBITED)) this.#askInhibited();
  }
}

function outcomeOf(reply: BusReply): NotifyOutcome {
  if (!reply.ok) return GONE.has(reply.name) ? { kind: 'lost' } : { kind: 'refused', message: reply.message };
  const [number] = reply.values;
  return typeof number === 'number' && number > 0
    ? { kind: 'shown', number }
    : { kind: 'refused', message: 'the server gave it no number' };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
