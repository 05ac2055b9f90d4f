import type { ServiceState } from '#shared/domain/entities';
import type { ServiceRef } from '#shared/ipc/connection';
import type { Failure } from '#shared/ipc/failure';
import type { ApiClient, CreateApiClient } from '../api/client';
import type { Clock, Log, Random } from '../ports';
import { Drainer } from '../outbox/drainer';
import { Poller } from '../sync/poller';
import type { Replica } from '../sync/replica';
import { afterAnswer, afterFailure } from './connection-state';

export interface LinkParts {
  readonly createClient: CreateApiClient;
  readonly replica: Replica;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly appVersion: string;
}

/**
 * One service with one access token: the client, the poller and the connection's state. Operations are sent while the
 * service answers.
 */
export class Link {
  readonly service: ServiceRef;
  readonly client: ApiClient;
  /** A new link to the same service needs it. */
  readonly token: string;
  readonly #parts: LinkParts;
  readonly #poller: Poller;
  readonly #drainer: Drainer;
  /** The service's last reported state. */
  #state: ServiceState | undefined;
  /** The service reported something that this console does not know. */
  #isNewer = false;
  #isClosed = false;

  constructor(parts: LinkParts, service: ServiceRef, token: string) {
    this.#parts = parts;
    this.service = service;
    this.token = token;
    const isEmbedded = service.kind === 'embedded';
    this.client = parts.createClient({ url: service.url, token, appVersion: parts.appVersion, isEmbedded });
    this.#poller = new Poller({
      ...parts,
      client: this.client,
      service,
      observer: {
        onTold: (state) => (this.#state = state),
        onNew: () => (this.#isNewer = true),
        onAnswer: () => this.#onAnswer(),
        onFailure: (failure) => this.#onFailure(failure),
      },
    });
    this.#drainer = new Drainer({ ...parts, client: this.client, onUnreachable: () => this.#poller.wake() });
  }

  start(): void {
    this.#poller.start();
    this.#drainer.start();
  }

  /** Polls at once and sends queued operations. */
  wake(): void {
    this.#poller.wake();
    this.#drainer.retryNow();
  }

  /** After it resolves nothing of this service arrives any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#poller.stop(), this.#drainer.stop()]);
    this.client.dispose();
  }

  #onAnswer(): void {
    if (this.#isClosed) return;
    const { replica, clock } = this.#parts;
    const { clockOffsetMs } = this.client;
    if (clockOffsetMs !== null) replica.takeClockOffset(clockOffsetMs);
    const next = afterAnswer(replica.connection, this.service, clock.now(), {
      state: this.#state,
      isNewer: this.#isNewer,
    });
    if (next === replica.connection) return;
    replica.setConnection(next);
    this.#drainer.wake();
  }

  #onFailure(failure: Failure): void {
    if (this.#isClosed) return;
    const { replica, clock, log } = this.#parts;
    log.warn('connection.failure', { url: this.service.url, kind: failure.kind, message: failure.message });
    const moment = { nowMs: clock.now(), lastAnswerMs: replica.lastSyncAt };
    replica.setConnection(afterFailure(replica.connection, this.service, failure, moment, this.#state));
  }
}
