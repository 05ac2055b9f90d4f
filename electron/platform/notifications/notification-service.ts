import type { Announcement } from '../../core/ports';
import { BUS, type BusConnection, type BusSignal, DISCONNECTED, textOf } from './bus-connection';
import type { Capabilities } from './notify-arguments';
import {
  type NotifyOutcome,
  PATH,
  PROPERTIES,
  RunningServer,
  type RunningServerEvents,
  type RunningServerParts,
  SERVICE,
} from './running-server';
import { SessionBus } from './session-bus';

const MATCH_RULES = [
  `type='signal',sender='${BUS.destination}',interface='${BUS.interface}',member='NameOwnerChanged',arg0='${SERVICE}'`,
  `type='signal',sender='${SERVICE}',path='${PATH}',interface='${SERVICE}'`,
  `type='signal',sender='${SERVICE}',path='${PATH}',interface='${PROPERTIES}',arg0='${SERVICE}'`,
];

export interface NotificationServiceObserver extends Partial<Omit<RunningServerEvents, 'onCapabilities'>> {
  /** A server is there. `server` stays the same only while that server runs. */
  onServer?(server: string): void;
  onServerGone?(): void;
}

/** The notification server of a freedesktop desktop, whichever program that is at the moment. */
export class NotificationService {
  readonly #bus: SessionBus;
  readonly #parts: RunningServerParts;
  readonly #observers: NotificationServiceObserver[] = [];
  #connection: BusConnection | undefined;
  #server: RunningServer | undefined;
  /** The id of the bus; names are unique on one bus only. */
  #busId = '';
  #isSearching = false;
  #isKnownMissing = false;

  constructor(parts: RunningServerParts) {
    this.#parts = parts;
    this.#bus = new SessionBus(parts, {
      matchRules: MATCH_RULES,
      onConnection: (connection) => this.#begin(connection),
      onSignal: (signal) => this.#hear(signal),
      onDown: (reason) => this.#onDown(reason),
    });
  }

  start(): void {
    this.#bus.start();
  }

  stop(): void {
    this.#server?.end();
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

  /** See {@link RunningServer.notify}. */
  notify(announcement: Announcement, replaces: number, onOutcome: (outcome: NotifyOutcome) => void): void {
    if (this.#server === undefined) onOutcome({ kind: 'lost' });
    else this.#server.notify(announcement, replaces, onOutcome);
  }

  close(number: number): void {
    this.#server?.close(number);
  }

  /** Finds the server, and lets the bus start one: some servers end when they have nothing to show. */
  find(): void {
    const connection = this.#connection;
    if (connection === undefined || this.#server !== undefined || this.#isSearching) return;
    this.#isSearching = true;
    connection.call(
      { ...BUS, member: 'StartServiceByName', signature: 'su', body: [SERVICE, 0] },
      (started) => {
        connection.call({ ...BUS, member: 'GetNameOwner', signature: 's', body: [SERVICE] }, (reply) => {
          // Without the bus the reply says nothing about a server; `onDown` reports the connection's end.
          if (connection !== this.#connection || (!reply.ok && reply.name === DISCONNECTED)) return;
          this.#isSearching = false;
          const owner = textOf(reply);
          if (owner !== '') this.#adopt(owner);
          else if (this.#server === undefined)
            this.#missing(started.ok ? 'it ended at once' : started.message);
        });
      },
    );
  }

  #begin(connection: BusConnection): void {
    this.#connection = connection;
    this.#isSearching = false;
    // The bus answers this before any later call.
    connection.call({ ...BUS, member: 'GetId' }, (reply) => {
      this.#busId = textOf(reply);
    });
    this.find();
  }

  #onDown(reason: string): void {
    this.#connection = undefined;
    this.#forget();
    this.#missing(`the session bus does not answer: ${reason}`);
  }

  #hear(signal: BusSignal): void {
    const [name, , owner] = signal.body;
    if (signal.sender !== BUS.destination) this.#server?.hear(signal);
    else if (signal.member === 'NameOwnerChanged' && name === SERVICE) {
      this.#adopt(typeof owner === 'string' ? owner : '');
    }
  }

  #adopt(owner: string): void {
    if (owner === (this.#server?.owner ?? '')) return;
    this.#forget();
    if (owner === '' || this.#connection === undefined) return;
    this.#server = new RunningServer(owner, this.#connection, this.#parts, {
      onCapabilities: () => {
        this.#isKnownMissing = false;
        this.#each((observer) => observer.onServer?.(`${this.#busId} ${owner}`));
      },
      onAction: (number, key) => this.#each((observer) => observer.onAction?.(number, key)),
      onClosed: (number, isByPerson) => this.#each((observer) => observer.onClosed?.(number, isByPerson)),
      onInhibited: (isInhibited) => this.#each((observer) => observer.onInhibited?.(isInhibited)),
    });
    this.#server.start();
  }

  #forget(): void {
    if (this.#server === undefined) return;
    this.#server.end();
    this.#server = undefined;
    this.#each((observer) => {
      observer.onServerGone?.();
      observer.onInhibited?.(false);
    });
  }

  #missing(reason: string): void {
    // Logged once, because it may stay so for weeks.
    if (!this.#isKnownMissing) this.#parts.log.warn('notifications.unsupported', { reason });
    this.#isKnownMissing = true;
  }

  #each(tell: (observer: NotificationServiceObserver) => void): void {
    for (const observer of this.#observers) tell(observer);
  }
}
