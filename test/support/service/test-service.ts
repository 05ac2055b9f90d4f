import { request, type IncomingMessage } from 'node:http';
import { hashSecret } from '#service/policy/secrets';
import type { Clock } from '#service/runtime/clock';
import { systemClock } from '#service/runtime/clock';
import { readConfig, type ServiceConfig } from '#service/config';
import { startService, type RunningService } from '#service/service';
import type { NameResolver } from '#service/sources/name-resolver';
import type { ServiceLog } from '#service/service-log';
import type { Key, Mode } from '#shared/domain/entities';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { databaseSettings } from './test-database';

export const OWNER_TOKEN = 'test-owner-token-0123456789';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when it is empty. */
  readonly json: unknown;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is text. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Resolves with an answer when its last byte is there. */
export function readAnswer(incoming: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', reject);
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const isJson = text !== '' && /[/+]json\b/.test(incoming.headers['content-type'] ?? '');
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        text,
        json: isJson ? (JSON.parse(text) as unknown) : undefined,
      });
    });
  });
}

/** Makes one HTTP call, without conveniences that could hide the answer. */
export function httpCall(url: string, options: CallOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body =
      options.body === undefined || typeof options.body === 'string'
        ? options.body
        : JSON.stringify(options.body);
    const outgoing = request(
      url,
      {
        method: options.method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          }),
          ...options.headers,
        },
        agent: false,
        ...(options.signal && { signal: options.signal }),
      },
      (incoming) => {
        readAnswer(incoming).then(resolve, reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export interface TestService {
  readonly url: string;
  readonly dataDir: string;
  /** Calls the control plane as the owner. */
  api(path: string, options?: CallOptions): Promise<Answer>;
  /** Checks a call as a proxy on loopback does. */
  check(
    apiKey: string | undefined,
    ip: string | undefined,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  createKey(name?: string): Promise<{ key: Key; secret: string }>;
  stop(): Promise<void>;
  /** Stops and starts again on the same data; `meanwhile` runs in between. */
  restart(meanwhile?: () => void): Promise<void>;
}

export interface TestServiceOptions {
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string>>;
  readonly dataDir?: string;
  readonly log?: ServiceLog;
  readonly resolveName?: NameResolver;
  /** The account's first mode: `manual` by default, which adds nothing automatically. */
  readonly mode?: Mode;
}

/** Starts the real service, in process, on a free port of loopback with a real database of its own. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const dataDir = options.dataDir ?? makeTempDir('service');
  const config: ServiceConfig = {
    ...readConfig({
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      // Most tests edit what they have just called; `impact.test.ts` is about the question.
      GATEHOUSE_IMPACT_WINDOW: 'off',
      // A busy machine writes late; `slow-database.test.ts` is about the limit.
      GATEHOUSE_CHECK_TIMEOUT: '30s',
      // Troubles of the database are told from their first call; `database-away.test.ts` and `own-database-away.test.ts` decide.
      GATEHOUSE_STALE_POLICY: 'off',
      ...(await databaseSettings(dataDir)),
      ...options.env,
    }),
  };
  const start = (): Promise<RunningService> =>
    startService({
      config,
      clock: options.clock ?? systemClock,
      log: options.log ?? { write: () => undefined },
      ...(options.resolveName !== undefined && { resolveName: options.resolveName }),
      owner: {
        email: 'owner@example.com',
        tokenName: 'Test',
        tokenHash: () => hashSecret(OWNER_TOKEN),
        renew: false,
      },
    });
  let running = await start();
  const service: TestService = {
    get url() {
      return running.url;
    },
    dataDir,
    api: (path, call = {}) =>
      httpCall(`${running.url}${path}`, {
        ...call,
        headers: { authorization: `Bearer ${OWNER_TOKEN}`, ...call.headers },
      }),
    check: (apiKey, ip, headers = {}) =>
      httpCall(`${running.url}/v1/check`, {
        headers: {
          ...(apiKey !== undefined && { 'api-key': apiKey }),
          ...(ip !== undefined && { 'x-forwarded-for': ip }),
          ...headers,
        },
      }),
    createKey: async (name = 'Test key') => {
      const answer = await service.api('/v1/keys', { body: { name } });
      return answer.json as { key: Key; secret: string };
    },
    stop: async () => {
      await running.stop();
      if (options.dataDir === undefined) removeTempDir(dataDir);
    },
    restart: async (meanwhile) => {
      await running.stop();
      meanwhile?.();
      running = await start();
    },
  };
  const mode = options.mode ?? 'manual';
  if (mode !== 'learning') await service.api('/v1/account/mode', { method: 'PUT', body: { mode } });
  return service;
}
