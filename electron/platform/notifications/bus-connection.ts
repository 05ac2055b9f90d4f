import { createClient, messageType, type Message, type MessageBus } from 'dbus-native';
import type { Log } from '../../core/ports';
import { messageOf } from '../../core/text';

const NO_REPLY_EXPECTED = 1;
/** By the user id that the kernel vouches for, as on every local bus. */
const AUTH_METHODS = ['EXTERNAL'];
/** As everywhere on D-Bus. */
const CALL_TIMEOUT_MS = 25_000;

export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** Types of the body, as D-Bus writes them. */
  readonly signature?: string;
  readonly body?: readonly unknown[];
  /** Without it 25 seconds, as everywhere on D-Bus; 0 waits for as long as the other side is there. */
  readonly timeoutMs?: number;
}

export type BusReply =
  | { readonly ok: true; readonly values: readonly unknown[] }
  /** `name` is the D-Bus name of the error. */
  | { readonly ok: false; readonly name: string; readonly message: string };

export interface BusSignal {
  readonly sender: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

export interface BusConnectionEvents {
  onSignal(signal: BusSignal): void;
  /** Called once, also when it never came up; not after `close()`. */
  onDown(reason: string): void;
}

/**
 * One connection to a D-Bus message bus, from its first to its last byte. It does not come back: what belongs to it (a
 * name, match rules, calls under way) is gone with it, and a new one starts clean.
 *
 * dbus-native is the maintained one of the clients in plain JavaScript: bounded messages, a deadline for each call, and no
 * call that is forgotten when the other side goes.
 */
export class BusConnection {
  readonly #bus: MessageBus;
  #isOver = false;
  #failure: string | null = null;

  private constructor(bus: MessageBus, events: BusConnectionEvents, log: Log) {
    this.#bus = bus;
    const { connection } = bus;
    connection.on('message', (message) => {
      if (!this.#isOver && message.type === messageType.signal) events.onSignal(signalOf(message));
    });
    // Also for a bus that refuses us, and leaves the socket open.
    connection.on('error', (error) => this.fail(error.message));
    // Something that we threw ourselves while a message was handled, or a bus that did not take us in.
    connection.on('handlerError', (error) =>
      log.error('notifications.bus_failed', { message: messageOf(error) }),
    );
    connection.on('close', () => {
      if (this.#isOver) return;
      this.#isOver = true;
      events.onDown(this.#failure ?? 'the bus closed the connection');
    });
  }

  /** Starts to connect; calls may be made at once. Throws where the address cannot be understood. */
  static open(address: string, events: BusConnectionEvents, log: Log): BusConnection {
    // No deadline but for our own calls: the client throws from a timer, past everybody, where its greeting has one and is
    // not answered.
    const bus = createClient({ busAddress: address, authMethods: AUTH_METHODS, timeout: 0 });
    return new BusConnection(bus, events, log);
  }

  /**
   * Calls a method. `onReply` is called once and while the reply is being read: a signal that the other side sent after
   * it is seen after it.
   */
  call(call: BusCall, onReply: (reply: BusReply) => void): void {
    const { timeoutMs = CALL_TIMEOUT_MS, ...message } = call;
    this.#bus.invoke(mutable(message), { timeout: timeoutMs }, (error, ...values: unknown[]) => {
      if (error === null) onReply({ ok: true, values });
      else onReply({ ok: false, name: error.dbusName ?? error.name, message: error.message });
    });
  }

  /** Calls a method whose answer nobody waits for. */
  send(call: BusCall): void {
    this.#bus.invoke({ ...mutable(call), flags: NO_REPLY_EXPECTED }, () => undefined);
  }

  /** Gives it up as broken; `onDown` tells the reason. */
  fail(reason: string): void {
    // The first one is the cause; others follow from it.
    this.#failure ??= reason;
    this.#bus.connection.stream.destroy();
  }

  /** Closes it, after what has been sent. */
  close(): void {
    this.#isOver = true;
    this.#bus.connection.end();
  }
}

function mutable({ body, ...rest }: BusCall): Message {
  return body === undefined ? rest : { ...rest, body: [...body] };
}

function signalOf({ sender = '', path = '', member = '', body = [], ...rest }: Message): BusSignal {
  return {
    sender,
    path,
    interface: rest.interface ?? '',
    member,
    body,
  };
}
