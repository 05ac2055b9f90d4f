import { MINUTE_MS } from '#shared/durations';
import type { Clock, Log, Random } from '../../core/ports';
import { backoffDelayMs } from '../../core/sync/backoff';
import { messageOf } from '../../core/text';
import { addMatch, BusConnection, type BusSignal } from './bus-connection';

const BACKOFF = { floorMs: 250, baseMs: 1_000, ceilingMs: MINUTE_MS };
/** The kinds of address that are of this machine and that our client can reach. */
const KNOWN_KINDS = ['unix:', 'unixexec:'];

export interface SessionBusParts {
  readonly address: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface SessionBusEvents {
  /** The signals that are wanted. Without one of them the connection is of no use, and is made again. */
  readonly matchRules: readonly string[];
  /** Calls may be made on the new connection. */
  onConnection?(connection: BusConnection): void;
  onSignal(signal: BusSignal): void;
  onDown(reason: string): void;
}

/** Keeps a connection to the desktop's bus, with growing pauses while there is none. */
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

  async #run(): Promise<void> {
    const { clock, random } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const reason = await this.#liveOnce(signal);
      if (reason === undefined) return;
      this.#failures += 1;
      this.#events.onDown(reason);
      await clock.sleep(backoffDelayMs(this.#failures, BACKOFF, random), signal);
    }
  }

  /** Resolves when one connection ends, with the reason, or with undefined after `stop`. */
  #liveOnce(signal: AbortSignal): Promise<string | undefined> {
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
          resolve(undefined);
        };
        signal.addEventListener('abort', stop);
        for (const rule of this.#events.matchRules) {
          connection.call(addMatch(rule), (reply) => {
            if (reply.ok) this.#failures = 0;
            else connection.fail(reply.message);
          });
        }
        this.#events.onConnection?.(connection);
      } catch (error) {
        resolve(messageOf(error));
      }
    });
  }
}

/**
 * Returns the address of the session bus, or undefined if none can be reached. `fileExists` is asked for the default path of
 * desktops with systemd.
 */
export function sessionBusAddress(
  env: Readonly<Record<string, string | undefined>>,
  fileExists: (path: string) => boolean,
): string | undefined {
  const named = env['DBUS_SESSION_BUS_ADDRESS'];
  if (named !== undefined && named !== '') {
    // The addresses are alternatives, the best first.
    return named.split(';').find((one) => KNOWN_KINDS.some((kind) => one.startsWith(kind)));
  }
  const runtimeFolder = env['XDG_RUNTIME_DIR'];
  if (runtimeFolder === undefined || !fileExists(`${runtimeFolder}/bus`)) return undefined;
  return `unix:path=${runtimeFolder}/bus`;
}
