import type { Connection } from '#shared/ipc/connection';
import type { Outage } from './facts';

/** Knows since when the service does not answer. */
export class OutageWatch {
  readonly #startedMs: number;
  #outage: Outage | null = null;
  #signedOut: string | null = null;

  /** What happened before the program ran is no outage that it saw. */
  constructor(startedMs: number) {
    this.#startedMs = startedMs;
  }

  get outage(): Outage | null {
    return this.#outage;
  }

  get signedOut(): string | null {
    return this.#signedOut;
  }

  /** Takes in how the connection stands. */
  look(connection: Connection, nowMs: number): void {
    switch (connection.kind) {
      case 'none':
      case 'online':
        this.#outage = null;
        this.#signedOut = null;
        break;
      case 'unauthorized':
        // A person is being asked for the key store's password: nobody knows yet how that ends.
        if (connection.code === 'token_waiting') break;
        this.#outage = null;
        this.#signedOut = connection.message;
        break;
      case 'unreachable':
        this.#begin(Math.max(Date.parse(connection.since), this.#startedMs), nowMs, {
          cause: connection.message,
          isOwn: connection.trouble === 'console',
        });
        break;
      case 'failed':
        this.#begin(nowMs, nowMs, { cause: connection.message, isOwn: false });
        break;
      case 'connecting':
        // It is being tried again: nobody knows yet how that ends.
        break;
    }
  }

  #begin(sinceMs: number, noticedMs: number, why: Pick<Outage, 'cause' | 'isOwn'>): void {
    this.#outage = { ...(this.#outage ?? { sinceMs, noticedMs }), ...why };
    this.#signedOut = null;
  }
}
