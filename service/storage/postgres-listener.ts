import type { Client, Pool, QueryResult } from 'pg';
import { CHANNEL, headOfNotice } from './postgres-transaction';
import { POSTGRES_IDENTITY } from './repositories/epochs';
import { headsAt, type FeedState } from './repositories/policy-changes';
import type { DatabaseLook, NoticeListener, Notices } from './storage';

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;
/** Limit for an answer, because the caller wants to know whether the database is there. */
const LOOK_PATIENCE_MS = 2_000;

type LookRow = FeedState & { readonly databaseMs: number };

const LOOK = {
  text: `SELECT states.*, extract(epoch FROM clock_timestamp()) * 1000 AS "databaseMs" FROM (${headsAt(POSTGRES_IDENTITY)}) AS states`,
  query_timeout: LOOK_PATIENCE_MS,
};

function lookOf({ rows }: QueryResult<LookRow>): DatabaseLook {
  return { states: rows, databaseMs: rows[0]?.databaseMs };
}

/** Listens on a connection of its own, and reconnects until it is stopped. */
class Listening {
  readonly #connect: () => Client;
  readonly #listener: NoticeListener;
  readonly #done: Promise<void>;
  #client: Client | undefined;
  readonly #stop = new AbortController();
  #wake: () => void = () => undefined;

  constructor(connect: () => Client, listener: NoticeListener) {
    this.#connect = connect;
    this.#listener = listener;
    this.#done = this.#run();
  }

  get client(): Client | undefined {
    return this.#client;
  }

  /** Gives up a connection that does not answer. */
  drop(client: Client): void {
    if (this.#client === client) this.#wake();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#done;
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.#isStopped()) {
      try {
        await this.#listenOnce(() => {
          retryMs = FIRST_RETRY_MS;
        });
        if (!this.#isStopped()) this.#listener.onLost(new Error('the connection was closed'));
      } catch (error) {
        if (!this.#isStopped()) this.#listener.onLost(error);
      }
      if (this.#isStopped()) return;
      // Full jitter: processes that lost their connections together must not reconnect together.
      await this.#pause(retryMs * Math.random());
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    }
  }

  /** Resolves when a listening connection has closed. @throws if the connection never listened. */
  async #listenOnce(onListening: () => void): Promise<void> {
    const client = this.#connect();
    try {
      const over = new Promise<void>((resolve) => {
        client.once('end', () => resolve());
        this.#wake = resolve;
      });
      client.on('notification', ({ payload }) => {
        const head = headOfNotice(payload);
        if (head !== undefined) this.#listener.onNotice(head);
      });
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      if (this.#isStopped()) return;
      this.#client = client;
      onListening();
      this.#listener.onListening();
      await over;
    } finally {
      this.#client = undefined;
      // A dead connection does not answer `end()` either.
      void client.end().catch(() => undefined);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Commits of other processes, received with LISTEN. */
export function postgresNotices(connect: () => Client, reads: Pool): Notices {
  let listening: Listening | undefined;
  return {
    listen: (listener) => {
      const own = new Listening(connect, listener);
      listening = own;
      return { stop: () => own.stop() };
    },
    look: async () => {
      const client = listening?.client;
      if (client === undefined) return lookOf(await reads.query<LookRow>(LOOK));
      try {
        return lookOf(await client.query<LookRow>(LOOK));
      } catch (error) {
        listening?.drop(client);
        throw error;
      }
    },
  };
}
