import { createClient, messageType, type Message, type MessageBus } from 'dbus-native';
import type { Log } from '../../core/ports';
import { messageOf } from '../../core/text';

/** The bus itself. */
export const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const;
/** The error of a call whose connection ended before the answer. */
export const DISCONNECTED = 'org.freedesktop.DBus.Error.Disconnected';

const NO_REPLY_EXPECTED = 1;
/** Every local bus authenticates by the user id, which the kernel vouches for. */
const AUTH_METHODS = ['EXTERNAL'];
/** D-Bus's usual timeout. */
const CALL_TIMEOUT_MS = 25_000;

export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** Types of the body, as D-Bus writes them. */
  readonly signature?: string;
  readonly body?: readonly unknown[];
  /** 25 seconds by default; 0 waits while the other side exists. */
  readonly timeoutMs?: number;
}

export type BusReply =
  | { readonly ok: true; readonly values: readonly unknown[] }
  /** `name` is the D-Bus name of the error. */
  | { readonly ok: false; readonly name: string; readonly message: string };

/** Returns the text that a reply consists of, or an empty one. */
export function textOf(reply: BusReply): string {
  const text = reply.ok ? reply.values[0] : undefined;
  return typeof text === 'string' ? text : '';
}

/** Returns the call that asks the bus for the signals of a rule. */
export function addMatch(rule: string): BusCall {
  return { ...BUS, member: 'AddMatch', signature: 's', body: [rule] };
}

export interface BusSignal {
  readonly sender: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

export interface BusConnectionEvents {
  onSignal(signal: BusSignal): void;
  /** Called once, also when the connection never came up; not after `close()`. */
  onDown(reason: string): void;
}

/**
 * One connection to a D-Bus message bus. It does not reconnect: names, match rules and pending calls end with it, and a new
 * one starts clean. dbus-native is the maintained client in plain JavaScript: it bounds messages, has a deadline for each
 * call, and ends every call when the other side goes.
 */
export class BusConnection {
  readonly #bus: MessageBus;
  #isOver = false;
  #failure: string | undefined;

  private constructor(bus: MessageBus, events: BusConnectionEvents, log: Log) {
    this.#bus = bus;
    const { connection } = bus;
    connection.on('message', (message) => {
      if (!this.#isOver && message.type === messageType.signal) events.onSignal(signalOf(message));
    });
    // A bus that refuses us may leave the socket open.
    connection.on('error', (error) => this.fail(error.message));
    // Either our own code threw while it handled a message, or the bus did not authenticate us.
    connection.on('handlerError', (error) =>
      log.error('notifications.bus_failed', { message: messageOf(error) }),
    );
    connection.on('close', () => {
      if (this.#isOver) return;
      this.#isOver = true;
      events.onDown(this.#failure ?? 'the bus closed the connection');
    });
  }

  /**
   * Starts to connect; calls may be made at once.
   * @throws Error when the address cannot be parsed.
   */
  static open(address: string, events: BusConnectionEvents, log: Log): BusConnection {
    // The client's own timeout would throw from a timer when its greeting is not answered, where nobody can catch it.
    const bus = createClient({ busAddress: address, authMethods: AUTH_METHODS, timeout: 0 });
    return new BusConnection(bus, events, log);
  }

  /**
   * Calls a method. `onReply` is called once, synchronously with the reading of the reply, so signals keep their order
   * relative to it.
   */
  call(call: BusCall, onReply: (reply: BusReply) => void): void {
    const { timeoutMs = CALL_TIMEOUT_MS, ...message } = call;
    this.#bus.invoke(mutable(message), { timeout: timeoutMs }, (error, ...values: unknown[]) => {
      if (error === null) onReply({ ok: true, values });
      else onReply({ ok: false, name: error.dbusName ?? error.name, message: error.message });
    });
  }

  /** Calls a method without a reply. */
  send(call: BusCall): void {
    this.#bus.invoke({ ...mutable(call), flags: NO_REPLY_EXPECTED }, () => undefined);
  }

  /** Closes a broken connection; `onDown` gets the reason. */
  fail(reason: string): void {
    // The first reason is the cause of the others.
    this.#failure ??= reason;
    this.#bus.connection.stream.destroy();
  }

  /** Closes the connection after what was sent. */
  close(): void {
    this.#isOver = true;
    this.#bus.connection.end();
  }
}

function mutable({ body, ...rest }: BusCall): Message {
  return body === undefined ? rest : { ...rest, body: [...body] };
}

function signalOf({ sender = '', path = '', member = '', body = [], ...rest }: Message): BusSignal {
  return { sender, path, interface: rest.interface ?? '', member, body };
}
