import type { Clock, Log, Random } from '../../core/ports';
import { backoffDelayMs } from '../../core/sync/backoff';
import { messageOf } from '../../core/text';
import { BusConnection, type BusSignal } from './bus-connection';

const BACKOFF = { floorMs: 250, baseMs: 1_000, ceilingMs: 60_000 };
/** The kinds of address that are of this machine and that our client can reach. */
const KNOWN_KINDS = ['unix:', 'unixexec:'];

export interface SessionBusParts {
  readonly address: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface SessionBusEvents {
  /** There is a new connection; calls may be made on it. */
  onConnection(connection: BusConnection): void;
  onSignal(signal: BusSignal): void;
  onDown(reason: string): void;
}

/** Keeps a connection to the desktop's bus, with pauses that grow while there is none. */
export class SessionBus {
  readonly #parts: SessionBusParts;
  readonly #events: SessionBusEvents;
  readonly #stopping = new AbortController();
  #failures = 0;

  constructor(parts: SessionBusParts, events: SessionBusEvents) {
    this.#parts = parts;
    this.#events = events;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Whoever uses the connection says that the bus has answered: pauses start small again. */
  answered(): void {
    this.#failures = 0;
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const reason = await this.#liveOnce(signal);
      if (reason === null) return;
      this.#failures += 1;
      this.#events.onDown(reason);
      await clock.sleep(backoffDelayMs(this.#failures, BACKOFF, random), signal);
    }
  }

  /** One connection from beginning to end; resolves with why it ended, or with null when we are to stop. */
  #liveOnce(signal: AbortSignal): Promise<string | null> {
    return new Promise((resolve) => {
      try {
        const { address, log } = this.#parts;
        const connection = BusConnection.open(
          address,
          {
            onSignal: (received) => this.#events.onSignal(received),
            onDown: (reason) => {
              signal.removeEventListener('abort', stop);
              resolve(reason);
            },
          },
          log,
        );
        const stop = (): void => {
          connection.close();
          resolve(null);
        };
        signal.addEventListener('abort', stop);
        this.#events.onConnection(connection);
      } catch (error) {
        resolve(messageOf(error));
      }
    });
  }
}

/**
 * Where the session bus of this desktop is, as far as the environment tells; null when there is none that can be reached.
 * `fileExists` is asked for the place where it lies without being named, on every desktop with systemd.
 */
export function sessionBusAddress(
  env: Readonly<Record<string, string | undefined>>,
  fileExists: (path: string) => boolean,
): string | null {
  const named = env['DBUS_SESSION_BUS_ADDRESS'];
  if (named !== undefined && named !== '') {
    // Several are alternatives, the best first.
    return named.split(';').find((one) => KNOWN_KINDS.some((kind) => one.startsWith(kind))) ?? null;
  }
  const runtimeFolder = env['XDG_RUNTIME_DIR'];
  if (runtimeFolder === undefined || !fileExists(`${runtimeFolder}/bus`)) return null;
  return `unix:path=${runtimeFolder}/bus`;
}
