import { parse } from 'csv-parse/sync';
import Fastify, { type FastifyInstance } from 'fastify';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBatched } from '#shared/async/batched';
import { attemptSchema, type Attempt, type Key } from '#shared/domain/entities';
import { registerControlPlane } from '#service/http/control-plane';
import { createCallerReader } from '#service/http/check/client-address';
import type { ControlPlaneContext } from '#service/http/route-handlers';
import { TokenGuard } from '#service/http/token-guard';
import type { Storage } from '#service/storage/storage';
import { manualClock } from '#test/support/manual-clock';
import { idAt, type LogRow } from '#test/support/service/log-rows';
import { openLogWorld, type LogWorld } from '#test/support/service/log-world';
import { problem } from '#test/support/service/problem-answer';
import { stopTestDatabases, TEST_DATABASE_VARIABLE } from '#test/support/service/test-database';
import {
  httpCall,
  OWNER_TOKEN,
  startTestService,
  type TestService,
} from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const clock = manualClock();
const NOW = clock.now();

/** One row at a time into PostgreSQL takes a while; the point is the same. */
const ROWS = process.env[TEST_DATABASE_VARIABLE] === 'postgres' ? 40_000 : 200_000;
const FILL_DEADLINE_MS = 180_000;

function* longLog(keys: readonly Key[]): Generator<LogRow> {
  const keyId = keys[0]?.id ?? '';
  // Long enough that the whole is much more than what sockets hold on the way.
  const userAgent = 'a client with a great deal to say about itself '.repeat(10);
  for (let number = 0; number < ROWS; number += 1) {
    const firstAt = NOW - (ROWS - number);
    const ip = `198.18.${(number >> 8) & 255}.${number & 255}`;
    yield { id: idAt(firstAt, number), ip, keyId, reason: 'authorized', firstAt, userAgent };
  }
}

describe('a long export', () => {
  let world: LogWorld;
  let app: FastifyInstance;
  let url: string;
  let rowsRead = 0;
  beforeAll(async () => {
    world = await openLogWorld(clock, ['Shop'], longLog);
    const { storage } = world.context;
    const scans = storage.read.attemptScans;
    const counting: Storage = {
      ...storage,
      read: {
        ...storage.read,
        attemptScans: {
          ...scans,
          rows: async (...wanted) => {
            const rows = await scans.rows(...wanted);
            rowsRead += rows.length;
            return rows;
          },
        },
      },
    };
    app = Fastify();
    // An export asks nothing of how calls are evaluated.
    const context = {
      ...world.context,
      storage: counting,
      findToken: createBatched((hashes) => storage.read.users.byTokenHashes(hashes)),
    } as ControlPlaneContext;
    const callerOf = createCallerReader({ trustedProxies: [], clientHeader: 'x-forwarded-for' });
    registerControlPlane(app, context, new TokenGuard(clock), callerOf);
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  }, FILL_DEADLINE_MS);
  afterAll(async () => {
    await app.close();
    await world.close();
    await stopTestDatabases();
  });
  beforeEach(() => {
    rowsRead = 0;
  });

  const download = (format: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(
        `${url}/v1/attempts/export?format=${format}`,
        { agent: false, headers: { authorization: `Bearer ${OWNER_TOKEN}` } },
        resolve,
      ).once('error', reject);
    });

  /** Waits until no row has been read for a while. */
  const stillness = async (): Promise<void> => {
    let last = -1;
    let looks = 0;
    await waitFor('the service to stop reading', () => {
      looks = rowsRead === last ? looks + 1 : 0;
      last = rowsRead;
      return looks > 30;
    });
  };

  it('is read from the database as fast as its reader takes it, and is whole', async () => {
    const answer = await download('csv');
    await stillness();
    expect(rowsRead).toBeGreaterThan(0);
    expect(rowsRead).toBeLessThan(ROWS / 2);
    let lines = 0;
    let lastLine = '';
    let rest = '';
    for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) {
      const complete = (rest + chunk).split('\r\n');
      rest = complete.pop() ?? '';
      lines += complete.length;
      lastLine = complete.at(-1) ?? lastLine;
    }
    expect([lines, rest]).toEqual([ROWS + 1, '']);
    expect(lastLine.startsWith(idAt(NOW - 1, ROWS - 1))).toBe(true);
  });

  it('is given up when its reader leaves, and the log can still be read', async () => {
    const answer = await download('ndjson');
    await new Promise((resolve) => answer.once('readable', resolve));
    answer.destroy();
    await stillness();
    expect(rowsRead).toBeLessThan(ROWS / 2);
    const page = await httpCall(`${url}/v1/attempts?limit=1`, {
      headers: { authorization: `Bearer ${OWNER_TOKEN}` },
    });
    expect((page.json as { items: Attempt[] }).items).toHaveLength(1);
  });
});

describe('an export', () => {
  let service: TestService;
  let secret: string;
  beforeAll(async () => {
    service = await startTestService();
    secret = (await service.createKey('=HYPERLINK("https://evil.example")')).secret;
  });
  afterAll(async () => {
    await service.stop();
    await stopTestDatabases();
  });

  const csv = async (query: string): Promise<Record<string, string>[]> => {
    const { text } = await service.api(`/v1/attempts/export?format=csv&${query}`);
    return parse<Record<string, string>>(text, { columns: true });
  };

  it('of an empty log has its header alone, and of an empty answer too', async () => {
    const answer = await service.api('/v1/attempts/export?ip=192.0.2.77');
    expect(answer.text).toBe(
      'id,firstAt,lastAt,count,ip,keyId,keyName,verdict,reason,wouldBe,method,path,userAgent,country,asn,asName,rangeId,reviewId\r\n',
    );
    expect((await service.api('/v1/attempts/export?format=ndjson&ip=192.0.2.77')).text).toBe('');
  });

  it('is a download with a name, of the type that was asked for, and is kept nowhere', async () => {
    for (const [format, type] of [
      ['csv', 'text/csv; charset=utf-8'],
      ['ndjson', 'application/x-ndjson'],
    ] as const) {
      const { status, headers } = await service.api(`/v1/attempts/export?format=${format}`);
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'content-type': type, 'cache-control': 'no-store' });
      expect(headers['content-disposition']).toMatch(
        new RegExp(
          `^attachment; filename="gatehouse-log-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.${format}"$`,
        ),
      );
    }
    const head = await service.api('/v1/attempts/export', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('as NDJSON has the same attempts as the list', async () => {
    await service.check(secret, '203.0.113.1', { 'x-original-uri': '/one' });
    await service.check(secret, '203.0.113.2', { 'x-original-uri': '/two' });
    const listed = (
      (await service.api('/v1/attempts?order=oldest&ip=203.0.113.0/24')).json as { items: Attempt[] }
    ).items;
    const { text } = await service.api('/v1/attempts/export?format=ndjson&ip=203.0.113.0/24');
    const exported = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => attemptSchema.parse(JSON.parse(line)));
    expect(exported).toEqual(listed);
    expect(exported).toHaveLength(2);
  });

  it('as CSV keeps what people send, and no spreadsheet takes it for a formula', async () => {
    const agents: readonly (readonly [string, string])[] = [
      ['=1+1', "'=1+1"],
      ['+SUM(A1)', "'+SUM(A1)"],
      ['-2', "'-2"],
      ['@cmd', "'@cmd"],
      ['plain, with "quotes"', 'plain, with "quotes"'],
      ['a=b', 'a=b'],
      // Where the list separator is a semicolon, as in most of Europe, this would be a cell of its own.
      ['a;=1+1', "a;'=1+1"],
      ['a; "=1+1";-2', `a; "'=1+1";'-2`],
      ['a\t@cmd', 'a @cmd'],
    ];
    for (const [index, [agent]] of agents.entries()) {
      await service.check(secret, `198.51.100.${index}`, { 'user-agent': agent, 'x-original-uri': '/x' });
    }
    const rows = await csv('ip=198.51.100.0/24');
    expect(rows.map((row) => row['userAgent'])).toEqual(agents.map(([, safe]) => safe));
    expect(rows[0]).toMatchObject({
      keyName: `'=HYPERLINK("https://evil.example")`,
      ip: '198.51.100.0',
      verdict: 'blocked',
      reason: 'unknown',
      count: '1',
    });
  });

  it('says why a reported call would have been blocked, in both formats', async () => {
    const sent = { mode: 'manual', reportOnly: true };
    expect((await service.api('/v1/account/mode', { method: 'PUT', body: sent })).status).toBe(200);
    await service.check(secret, '192.0.2.30');
    expect(await csv('ip=192.0.2.30')).toMatchObject([
      { verdict: 'allowed', reason: 'reported', wouldBe: 'unknown' },
    ]);
    const { text } = await service.api('/v1/attempts/export?format=ndjson&ip=192.0.2.30');
    expect(JSON.parse(text)).toMatchObject({ reason: 'reported', wouldBe: 'unknown' });
  });

  it.each([
    ['format=xml', 'format'],
    ['limit=5', 'limit'],
    ['country=xyz', 'country'],
    ['ip=1.2.3', 'ip'],
  ])('refuses %s before the first byte, naming the field', async (query, field) => {
    const answer = await service.api(`/v1/attempts/export?${query}`);
    expect(problem(answer)).toMatchObject({ status: 400, code: 'invalid_request', field });
  });

  it('is for those who may read', async () => {
    const answer = await httpCall(`${service.url}/v1/attempts/export`);
    expect(problem(answer)).toMatchObject({ status: 401 });
  });
});
