import type { ServiceRef } from '#shared/ipc/contract';
import type { Failure } from '#shared/ipc/failure';
import type { ApiClient, CreateApiClient } from '../api/client';
import type { Clock, Log, Random } from '../ports';
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

/** One service with one access token: its client, its poller, and the connection's state as they find it. */
export class Link {
  readonly service: ServiceRef;
  readonly client: ApiClient;
  readonly #parts: LinkParts;
  readonly #poller: Poller;
  #closed = false;

  constructor(parts: LinkParts, service: ServiceRef, token: string) {
    this.#parts = parts;
    this.service = service;
    this.client = parts.createClient({ url: service.url, token, appVersion: parts.appVersion });
    this.#poller = new Poller({
      ...parts,
      client: this.client,
      observer: { onAnswer: () => this.#onAnswer(), onFailure: (failure) => this.#onFailure(failure) },
    });
  }

  start(): void {
    this.#poller.start();
  }

  /** Polls at once. */
  wake(): void {
    this.#poller.wake();
  }

  /** When it resolves nothing of this service arrives any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#poller.stop();
    this.client.dispose();
  }

  #onAnswer(): void {
    if (this.#closed) return;
    const { replica, clock } = this.#parts;
    const next = afterAnswer(replica.connection, this.service, clock.now());
    if (next !== replica.connection) replica.setConnection(next);
  }

  #onFailure(failure: Failure): void {
    if (this.#closed) return;
    const { replica, clock, log } = this.#parts;
    log.warn('connection.failure', { url: this.service.url, kind: failure.kind, message: failure.message });
    const moment = { nowMs: clock.now(), lastAnswerMs: replica.lastSyncAt };
    replica.setConnection(afterFailure(replica.connection, this.service, failure, moment));
  }
}
