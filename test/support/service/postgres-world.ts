import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { startPostgres, type PostgresOptions, type TestPostgres } from './postgres';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';
import { startTestService, type TestService, type TestServiceOptions } from './test-service';

/** A PostgreSQL for a file's tests, with an empty database for each of them and the services that they start on it. */
export interface PostgresWorld {
  readonly postgres: TestPostgres;
  readonly url: string;
  /** Starts a service on this test's database; it stops after the test. */
  start(options?: TestServiceOptions): Promise<TestService>;
  query<Row extends object>(sql: string): Promise<Row[]>;
  /** Returns the URL of this test's database through a connection that can be disturbed. */
  throughProxy(): Promise<{ readonly line: TcpProxy; readonly url: string }>;
}

export function usePostgres(options: PostgresOptions = {}): PostgresWorld {
  let postgres: TestPostgres;
  let url = '';
  let services: TestService[] = [];
  let lines: TcpProxy[] = [];
  beforeAll(async () => {
    postgres = await startPostgres(options);
  });
  afterAll(() => postgres.remove());
  beforeEach(async () => {
    url = await postgres.createDatabase();
  });
  afterEach(async () => {
    const running = services;
    services = [];
    await Promise.all(running.map((service) => service.stop()));
    await Promise.all(lines.map((line) => line.close()));
    lines = [];
  });
  return {
    get postgres() {
      return postgres;
    },
    get url() {
      return url;
    },
    start: async (serviceOptions = {}) => {
      // Most tests are about a database that is there; `database-away.test.ts` is about deciding without it.
      const env = { GATEHOUSE_DATABASE_URL: url, ...serviceOptions.env };
      const service = await startTestService({ ...serviceOptions, env });
      const tracked: TestService = {
        ...service,
        get url() {
          return service.url;
        },
        stop: async () => {
          services = services.filter((other) => other !== tracked);
          await service.stop();
        },
      };
      services.push(tracked);
      return tracked;
    },
    query: (sql) => postgres.query(url, sql),
    throughProxy: async () => {
      const proxied = new URL(url);
      const line = await startTcpProxy({ host: proxied.hostname, port: Number(proxied.port) });
      lines.push(line);
      proxied.port = String(line.port);
      return { line, url: proxied.href };
    },
  };
}

export async function reviewsOf(service: TestService, status = 'pending'): Promise<Review[]> {
  return ((await service.api(`/v1/reviews?limit=1000&status=${status}`)).json as { items: Review[] }).items;
}

export async function statusOf(service: TestService, secret: string, ip: string): Promise<number> {
  return (await service.check(secret, ip)).status;
}
