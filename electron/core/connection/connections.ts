import type { ServiceRef } from '#shared/ipc/connection';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { ApiClient } from '../api/client';
import type { LaunchParts, RunningService } from '../embedded/launch';
import type { ListenChoice } from '../embedded/listen';
import { EmbeddedSupervisor } from '../embedded/supervisor';
import { createSequential } from '#shared/async/sequential';
import { t } from '#shared/i18n/t';
import { unreachable } from './connection-state';
import { Link, type LinkParts } from './link';

export interface ConnectionsParts extends LinkParts {
  readonly launch: LaunchParts;
}

/** The client, and the account whose data a write changes. */
export interface Session {
  readonly client: ApiClient;
  readonly service: ServiceRef;
  readonly accountId: string | null;
}

/** The steps of a change of the connection. */
export interface ConnectionChange {
  /** Ends the connection and the embedded service, which flushes first. */
  close(): Promise<void>;
  /** Connects to a service and keeps polling it. */
  openRemote(service: ServiceRef, token: string): Promise<void>;
  /**
   * Starts the service on this computer and connects to it. `prepare` runs when it answers, before the first poll. If it
   * does not start, the state is `failed` with a sentence.
   */
  openEmbedded(
    listen: ListenChoice,
    prepare: (session: Session) => Promise<void>,
  ): Promise<Outcome<ServiceRef>>;
}

/**
 * The service of one account. Opens and closes it, and follows the embedded one through its restarts.
 * Two changes of the connection never overlap.
 */
export class Connections {
  readonly #parts: ConnectionsParts;
  readonly #exclusively = createSequential();
  #link: Link | undefined;
  #supervisor: EmbeddedSupervisor | undefined;

  constructor(parts: ConnectionsParts) {
    this.#parts = parts;
  }

  /** Returns the session for one call, or the failure if there is none. */
  session(): Outcome<Session> {
    const { replica } = this.#parts;
    if (this.#link !== undefined) {
      const { client, service } = this.#link;
      return succeeded({ client, service, accountId: replica.accountId });
    }
    const { connection } = replica;
    const message = 'message' in connection ? connection.message : t('refusals.notConnected');
    return failed({ kind: 'unreachable', message });
  }

  /** Runs a change of the connection after the one before has ended. */
  change<T>(work: (change: ConnectionChange) => Promise<T>): Promise<T> {
    return this.#exclusively(() =>
      work({
        close: () => this.#closeAll(),
        openRemote: (service, token) => this.#openRemote(service, token),
        openEmbedded: (listen, prepare) => this.#openEmbedded(listen, prepare),
      }),
    );
  }

  /** Polls and sends at once if there is a connection. */
  wake(): void {
    this.#link?.wake();
  }

  /** Reconnects to a remote service because its route has changed. */
  renewRemote(): Promise<void> {
    return this.#exclusively(async () => {
      const link = this.#link;
      if (link === undefined || link.service.kind === 'embedded') return;
      await link.close();
      this.#openLink(link.service, link.token);
    });
  }

  async #openRemote(service: ServiceRef, token: string): Promise<void> {
    await this.#closeAll();
    this.#parts.replica.setConnection({ kind: 'connecting', service });
    this.#openLink(service, token);
  }

  async #openEmbedded(
    listen: ListenChoice,
    prepare: (session: Session) => Promise<void>,
  ): Promise<Outcome<ServiceRef>> {
    await this.#closeAll();
    const { replica } = this.#parts;
    const expected = embeddedRef(`http://${listen.candidates[0] ?? ''}`);
    replica.setConnection({ kind: 'connecting', service: expected });
    const supervisor = new EmbeddedSupervisor(this.#parts.launch, {
      onStopped: () => void this.#exclusively(() => this.#onStopped(supervisor)),
      onRestarted: (running) => void this.#exclusively(() => this.#onRestarted(supervisor, running)),
      onGivenUp: (message) => void this.#exclusively(() => this.#onGivenUp(supervisor, message)),
    });
    const started = await supervisor.start(listen.candidates);
    if (!started.ok) {
      const { message } = started.failure;
      replica.setConnection({ kind: 'failed', service: expected, message });
      return started;
    }
    this.#supervisor = supervisor;
    const service = embeddedRef(started.value.url);
    replica.setConnection({ kind: 'connecting', service });
    const link = this.#makeLink(service, started.value.token);
    await prepare({ client: link.client, service, accountId: replica.accountId });
    link.start();
    return succeeded(service);
  }

  #makeLink(service: ServiceRef, token: string): Link {
    this.#link = new Link(this.#parts, service, token);
    return this.#link;
  }

  #openLink(service: ServiceRef, token: string): void {
    this.#makeLink(service, token).start();
  }

  async #closeAll(): Promise<void> {
    const link = this.#link;
    const supervisor = this.#supervisor;
    this.#link = undefined;
    this.#supervisor = undefined;
    await link?.close();
    await supervisor?.stop();
  }

  async #onStopped(supervisor: EmbeddedSupervisor): Promise<void> {
    if (this.#supervisor !== supervisor || this.#link === undefined) return;
    const { replica, clock } = this.#parts;
    const { service } = this.#link;
    await this.#link.close();
    this.#link = undefined;
    const message = t('embedded.endedUnexpectedly');
    const moment = { nowMs: clock.now(), lastAnswerMs: replica.lastSyncAt };
    replica.setConnection(unreachable(replica.connection, service, message, moment));
  }

  async #onRestarted(supervisor: EmbeddedSupervisor, running: RunningService): Promise<void> {
    if (this.#supervisor !== supervisor) return;
    await this.#link?.close();
    this.#openLink(embeddedRef(running.url), running.token);
  }

  async #onGivenUp(supervisor: EmbeddedSupervisor, message: string): Promise<void> {
    if (this.#supervisor !== supervisor) return;
    const { connection } = this.#parts.replica;
    await this.#closeAll();
    if (connection.kind === 'none') return;
    this.#parts.replica.setConnection({ kind: 'failed', service: connection.service, message });
  }
}

function embeddedRef(url: string): ServiceRef {
  return { kind: 'embedded', url };
}
