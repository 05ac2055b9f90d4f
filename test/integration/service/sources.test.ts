import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '#shared/durations';
import type { Account, AuditEvent } from '#shared/domain/entities';
import { sentencesInWords } from '#shared/domain/sentence';
import type { Source } from '#shared/domain/source';
import { manualClock } from '#test/support/manual-clock';
import { startListServer, type ListServer } from '#test/support/service/list-server';
import { memoryLog } from '#test/support/service/memory-log';
import { sourcesOf } from '#test/support/service/source-world';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const HOUR_MS = 60 * MINUTE_MS;

describe('a source of a published list', () => {
  const clock = manualClock();
  const log = memoryLog();
  let service: TestService;
  let sources: ReturnType<typeof sourcesOf>;
  let server: ListServer;
  let secret = '';
  let keyId = '';

  beforeAll(async () => {
    service = await startTestService({ clock, log, env: { GATEHOUSE_SOURCE_PRIVATE: 'on' } });
    sources = sourcesOf(service);
    const created = await service.createKey();
    secret = created.secret;
    keyId = created.key.id;
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    server = await startListServer();
  });
  afterEach(async () => {
    for (const { id } of await sources.all()) await sources.remove(id);
    await server.close();
  });

  const addList = async (text: string, body: object = {}) => {
    server.list(text);
    const { id } = await sources.add({ kind: 'url', spec: { url: server.url }, ...body });
    return sources.tried(id);
  };
  const reasonOf = async (ip: string): Promise<unknown> =>
    (await service.check(secret, ip)).headers['x-gatehouse-reason'];
  /** Waits until the source has been read once more. */
  const readAgain = async (id: string, body: object = {}) => {
    const { lastTriedAt } = await sources.get(id);
    clock.advance(1);
    expect((await sources.refresh(id, body)).status).toBe(202);
    return sources.tried(id, lastTriedAt);
  };
  /** The clock goes on, because the loop may not have been asleep yet when the source became due. */
  const triedLater = (id: string, { lastTriedAt }: Source): Promise<Source> =>
    waitFor('the source to be read again', async () => {
      clock.advance(SECOND_MS);
      const source = await sources.get(id);
      return source.lastTriedAt !== lastTriedAt && source;
    });
  const revision = async (): Promise<number> => ((await service.api('/v1/account')).json as Account).revision;
  const newestEvent = async (): Promise<AuditEvent | undefined> =>
    ((await service.api('/v1/audit?limit=1')).json as { items: AuditEvent[] }).items[0];

  it('has its networks in the list with its own effect, key, label and expiry', async () => {
    const rangeExpiresAt = '2027-01-01T00:00:00.000Z';
    const shared = { effect: 'deny', keyId, label: 'Bad', rangeExpiresAt };
    const source = await addList('203.0.113.0/24 # one\n198.51.100.7\n', shared);
    expect(source).toMatchObject({ status: 'ok', rangeCount: 2, lastError: null, version: 1 });
    expect(source.lastChange).toMatchObject({
      added: 2,
      dropped: 0,
      addedExamples: ['203.0.113.0/24', '198.51.100.7/32'],
    });
    const ranges = await sources.ranges(source.id);
    expect(ranges).toHaveLength(2);
    for (const range of ranges) {
      expect(range).toMatchObject({
        source: 'source',
        sourceId: source.id,
        effect: 'deny',
        keyId,
        label: 'Bad',
        expiresAt: rangeExpiresAt,
      });
    }
    expect(await reasonOf('203.0.113.9')).toBe('denied');
    expect(await reasonOf('203.0.114.9')).toBe('unknown');
  });

  it('drops what the list drops, and tells both in one event and one revision', async () => {
    const { id } = await addList('203.0.113.0/24\n198.51.100.0/24\n');
    const before = await revision();
    server.list('198.51.100.0/24\n192.0.2.0/24\n');
    expect(await readAgain(id)).toMatchObject({
      rangeCount: 2,
      lastChange: {
        added: 1,
        dropped: 1,
        addedExamples: ['192.0.2.0/24'],
        droppedExamples: ['203.0.113.0/24'],
      },
    });
    expect(await sources.networks(id)).toEqual(['192.0.2.0/24', '198.51.100.0/24']);
    expect(await reasonOf('203.0.113.9')).toBe('unknown');
    expect(await reasonOf('192.0.2.9')).toBe('authorized');
    expect(await revision()).toBe(before + 1);
    expect(await newestEvent()).toMatchObject({
      action: 'source.refresh',
      target: id,
      actor: { kind: 'system' },
      after: { added: 1, dropped: 1, ranges: 2 },
    });
  });

  it('is read when its interval is over, and asked whether it has changed', async () => {
    server.serve((request, response) => {
      const isKnown = request.headers['if-none-match'] === '"one"';
      response.writeHead(isKnown ? 304 : 200, { etag: '"one"' });
      response.end(isKnown ? undefined : '203.0.113.0/24');
    });
    const { id } = await sources.add({ kind: 'url', spec: { url: server.url }, intervalSeconds: 600 });
    const first = await sources.tried(id);
    const revisionBefore = await revision();
    clock.advance(11 * MINUTE_MS);
    const second = await sources.tried(id, first.lastTriedAt);
    expect(second).toMatchObject({ status: 'ok', rangeCount: 1, lastChange: first.lastChange });
    expect(second.lastOkAt).toBe(second.lastTriedAt);
    expect(server.requests).toHaveLength(2);
    expect(await sources.networks(id)).toEqual(['203.0.113.0/24']);
    expect(await revision()).toBe(revisionBefore);
  });

  it.each([
    [
      'a server that is in trouble',
      'answered 503',
      (it: ListServer) => it.serve((_q, r) => r.writeHead(503).end()),
    ],
    ['an empty answer', 'holds no range', (it: ListServer) => it.list('# nothing today\n')],
    ['a page in place of the list', 'HTML', (it: ListServer) => it.list('<!doctype html><p>203.0.113.9</p>')],
    [
      'an answer that is mostly something else',
      'cannot be read',
      (it: ListServer) => it.list('203.0.113.0/24\nmoved\nto\nelsewhere\n'),
    ],
    [
      'a range as wide as the internet',
      'very wide',
      (it: ListServer) => it.list('203.0.113.0/24\n0.0.0.0/0\n'),
    ],
  ])('keeps its ranges on %s, and says so', async (_what, message, lie) => {
    const { id } = await addList('203.0.113.0/24\n198.51.100.0/24\n', { label: 'Partner' });
    const before = await revision();
    lie(server);
    const source = await readAgain(id);
    expect(source).toMatchObject({ status: 'failing', rangeCount: 2 });
    expect(source.lastError).toContain(message);
    expect(sentencesInWords(source.lastErrorWords)).toBe(source.lastError);
    expect(source.lastErrorCode).toBe(message === 'very wide' ? 'too_wide' : null);
    expect(source.lastOkAt).not.toBe(source.lastTriedAt);
    expect(await sources.networks(id)).toEqual(['198.51.100.0/24', '203.0.113.0/24']);
    expect(await reasonOf('203.0.113.9')).toBe('authorized');
    expect(await revision()).toBe(before);
    expect(await newestEvent()).toMatchObject({
      action: 'source.fail',
      target: id,
      after: { status: 'failing', error: source.lastError, errorWords: source.lastErrorWords },
    });
    expect(log.entries.at(-1)).toMatchObject({
      level: 'warn',
      event: 'source.failing',
      fields: { label: 'Partner' },
    });
    const metrics = await service.api('/metrics');
    expect(metrics.text).toContain('gatehouse_sources{status="failing"} 1');

    server.list('203.0.113.0/24\n198.51.100.0/24\n');
    expect(await readAgain(id)).toMatchObject({ status: 'ok', lastError: null });
    expect(await newestEvent()).toMatchObject({ action: 'source.recover', target: id });
  });

  it('lets nobody in whom its list denies', async () => {
    const { id } = await addList('203.0.113.7,allow\n203.0.113.8,deny\n203.0.113.9,allow\n');
    expect(await sources.get(id)).toMatchObject({ status: 'ok', rangeCount: 2 });
    expect(await sources.networks(id)).toEqual(['203.0.113.7/32', '203.0.113.9/32']);
  });

  it('takes a very wide range once a person has allowed it', async () => {
    const { id } = await addList('2001::/16\n');
    expect(await sources.get(id)).toMatchObject({ status: 'failing', rangeCount: 0 });
    const { lastTriedAt } = await sources.get(id);
    clock.advance(1);
    await sources.change(id, { allowWide: true });
    await sources.tried(id, lastTriedAt);
    expect(await sources.networks(id)).toEqual(['2001::/16']);
  });

  it('lets in no more with many wide ranges than with one until a person has allowed it, and may deny them', async () => {
    const list = '96.0.0.0/8\n97.0.0.0/8\n98.0.0.0/8\n';
    const { id } = await addList(list);
    const refused = await sources.get(id);
    expect(refused).toMatchObject({ status: 'failing', rangeCount: 0, lastErrorCode: 'too_wide' });
    expect(refused.lastError).toContain('in all');
    clock.advance(1);
    await sources.change(id, { allowWide: true });
    expect(await sources.tried(id, refused.lastTriedAt)).toMatchObject({ status: 'ok', rangeCount: 3 });
    expect(await addList(list, { effect: 'deny' })).toMatchObject({ status: 'ok', rangeCount: 3 });
  });

  it('keeps its ranges when the list has shrunk below the half, until a person takes it', async () => {
    const list = (count: number): string =>
      Array.from({ length: count }, (_, index) => `198.51.100.${index}\n`).join('');
    const { id } = await addList(list(10));
    server.list(list(5));
    expect(await readAgain(id)).toMatchObject({ status: 'ok', rangeCount: 5 });
    server.list(list(2));
    expect(await readAgain(id)).toMatchObject({ status: 'shrunk', rangeCount: 5 });
    expect((await sources.get(id)).lastError).toContain('from 5 ranges to 2');
    expect(await sources.networks(id)).toHaveLength(5);
    expect(await readAgain(id)).toMatchObject({ status: 'shrunk', rangeCount: 5 });
    expect(await readAgain(id, { acceptShrunk: true })).toMatchObject({ status: 'ok', rangeCount: 2 });
    // It was accepted once.
    server.list(list(0) + '192.0.2.1\n');
    await sources.change(id, { minSharePercent: 60 });
    expect(await readAgain(id)).toMatchObject({ status: 'shrunk', rangeCount: 2 });
  });

  it('tries again soon after a failure, and later after each further one', async () => {
    server.serve((_request, response) => response.writeHead(500).end());
    const { id } = await sources.add({ kind: 'url', spec: { url: server.url }, intervalSeconds: 300 });
    const waits: number[] = [];
    let tried = await sources.tried(id);
    for (let failure = 0; failure < 4; failure += 1) {
      const wait = Date.parse(tried.nextAt ?? '') - Date.parse(tried.lastTriedAt ?? '');
      waits.push(wait / MINUTE_MS);
      clock.advance(wait);
      tried = await triedLater(id, tried);
    }
    expect(waits).toEqual([1, 2, 4, 5]);
  });

  it('gives an edit to all its ranges at once, also while its server is away', async () => {
    const { id } = await addList('203.0.113.0/24\n198.51.100.0/24\n');
    const { key, secret: otherSecret } = await service.createKey('Other');
    server.serve((_request, response) => response.writeHead(503).end());
    const before = await sources.ranges(id);
    expect((await sources.change(id, { keyId: key.id, label: 'New' })).status).toBe(200);
    expect(await reasonOf('203.0.113.9')).toBe('unknown');
    expect((await service.check(otherSecret, '203.0.113.9')).status).toBe(200);
    const after = await sources.ranges(id);
    expect(after.map((range) => range.id)).toEqual(before.map((range) => range.id));
    expect(after.map(({ label, version }) => [label, version])).toEqual([
      ['New', 2],
      ['New', 2],
    ]);
    await sources.change(id, { effect: 'deny', keyId: null });
    expect(await reasonOf('203.0.113.9')).toBe('denied');
  });

  it('keeps its ranges while it is paused, and is not read', async () => {
    const { id } = await addList('203.0.113.0/24\n');
    expect((await sources.change(id, { paused: true })).status).toBe(200);
    expect(await sources.get(id)).toMatchObject({ status: 'paused', nextAt: null });
    const asked = server.requests.length;
    clock.advance(48 * HOUR_MS);
    expect((await sources.refresh(id)).json).toMatchObject({ code: 'invalid_request' });
    expect(await reasonOf('203.0.113.9')).toBe('authorized');
    expect(server.requests).toHaveLength(asked);
    server.list('198.51.100.0/24\n');
    const { lastTriedAt } = await sources.get(id);
    await sources.change(id, { paused: false });
    await sources.tried(id, lastTriedAt);
    expect(await sources.networks(id)).toEqual(['198.51.100.0/24']);
  });

  it('takes its ranges with it when it is removed, and leaves those of people', async () => {
    const { id } = await addList('203.0.113.0/24\n');
    const own = await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24', label: 'Ours' } });
    expect(own.status).toBe(201);
    expect((await sources.list()).filter(({ cidr }) => cidr === '203.0.113.0/24')).toHaveLength(2);
    expect((await sources.remove(id)).status).toBe(204);
    expect(await sources.all()).toEqual([]);
    expect((await sources.list()).map(({ label }) => label)).toEqual(['Ours']);
    expect(await reasonOf('203.0.113.9')).toBe('authorized');
    expect(await newestEvent()).toMatchObject({ action: 'source.remove', target: id, after: null });
    for (const range of await sources.list())
      await service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
  });

  it('refuses that one of its ranges is edited or removed', async () => {
    const { id } = await addList('203.0.113.0/24\n');
    const [range] = await sources.ranges(id);
    const path = `/v1/ranges/${range?.id ?? ''}`;
    for (const call of [{ method: 'DELETE' }, { method: 'PATCH', body: { label: 'Mine' } }]) {
      const answer = await service.api(path, call);
      expect([answer.status, (answer.json as { code: string }).code]).toEqual([409, 'kept_by_source']);
    }
    expect(await sources.networks(id)).toEqual(['203.0.113.0/24']);
  });

  it('drops its ranges when their time is over, and is not read any more', async () => {
    const rangeExpiresAt = new Date(clock.now() + HOUR_MS).toISOString();
    const { id } = await addList('203.0.113.0/24\n', { rangeExpiresAt, intervalSeconds: 86_400 });
    const { lastTriedAt } = await sources.get(id);
    clock.advance(HOUR_MS);
    expect(await reasonOf('203.0.113.9')).toBe('unknown');
    expect(await sources.tried(id, lastTriedAt)).toMatchObject({ rangeCount: 0, nextAt: null });
    expect(await sources.networks(id)).toEqual([]);
    await sources.change(id, { rangeExpiresAt: null });
    await waitFor('the ranges to be back', async () => (await sources.get(id)).rangeCount === 1);
    expect(await reasonOf('203.0.113.9')).toBe('authorized');
  });

  it('answers the reviews of the addresses that it brings', async () => {
    await service.check(secret, '198.51.100.77');
    const { id } = await addList('198.51.100.0/24\n');
    const reviews = (await service.api('/v1/reviews?status=superseded')).json as { items: { ip: string }[] };
    expect(reviews.items.map(({ ip }) => ip)).toContain('198.51.100.77');
    expect(await sources.networks(id)).toEqual(['198.51.100.0/24']);
  });

  it('is edited only in the version that its author saw', async () => {
    const { id } = await addList('203.0.113.0/24\n');
    expect((await sources.change(id, { label: 'One' }, { 'if-match': '"1"' })).status).toBe(200);
    const answer = await sources.change(id, { label: 'Two' }, { 'if-match': '"1"' });
    expect([answer.status, answer.json]).toMatchObject([
      412,
      { code: 'stale', currentSource: { label: 'One' } },
    ]);
  });

  it.each([
    [{ kind: 'url', spec: { url: 'ftp://lists.example/all' } }, 'spec.url'],
    [{ kind: 'url', spec: { url: 'https://user:secret@lists.example/all' } }, 'spec.url'],
    [{ kind: 'dns', spec: { name: '203.0.113.9' } }, 'spec.name'],
    [{ kind: 'preset', spec: { preset: 'azure' } }, 'spec.services'],
    [{ kind: 'preset', spec: { preset: 'bots', services: ['Nobody'] } }, 'spec.services'],
    [{ kind: 'preset', spec: { preset: 'bots', services: ['constructor'] } }, 'spec.services'],
    [{ kind: 'country', spec: { country: 'Germany' } }, 'spec.country'],
    [{ kind: 'asn', spec: { asn: 0 } }, 'spec.asn'],
    [{ kind: 'asn', spec: { asn: 1 }, keyId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }, 'keyId'],
    [{ kind: 'asn', spec: { asn: 1 }, rangeExpiresAt: '2020-01-01T00:00:00.000Z' }, 'rangeExpiresAt'],
    [{ kind: 'asn', spec: { asn: 1 }, intervalSeconds: 5 }, 'intervalSeconds'],
  ])('is refused with the field to blame: %j', async (body, field) => {
    const answer = await service.api('/v1/sources', { body });
    expect([answer.status, answer.json]).toMatchObject([400, { code: 'invalid_request', field }]);
  });

  it('tells of a preset that lets in a whole cloud, and of none that denies it', async () => {
    server.list('{}');
    const notesOf = async (body: object): Promise<string[]> => {
      const answer = await service.api('/v1/sources', { body });
      return (answer.json as { notes: { code: string }[] }).notes.map(({ code }) => code);
    };
    const { url } = server;
    expect(await notesOf({ kind: 'preset', spec: { preset: 'aws', url } })).toEqual(['whole_cloud']);
    expect(await notesOf({ kind: 'preset', spec: { preset: 'aws', url, services: ['S3'] } })).toEqual([]);
    expect(await notesOf({ kind: 'preset', spec: { preset: 'aws', url }, effect: 'deny' })).toEqual([]);
    // Google's customers call from these, too.
    const fetchers = { preset: 'bots', url, services: ['Google user-triggered fetchers'] };
    expect(await notesOf({ kind: 'preset', spec: fetchers })).toEqual(['whole_cloud']);
    expect(await notesOf({ kind: 'preset', spec: { preset: 'bots', url } })).toEqual([]);
    expect(await notesOf({ kind: 'country', spec: { country: 'DE' } })).toEqual(['whole_country']);
  });
});

it('a source is not fetched from a private address, unless the service is told to', async () => {
  const service = await startTestService();
  const server = await startListServer();
  const sources = sourcesOf(service);
  try {
    server.list('203.0.113.0/24\n');
    const { id } = await sources.add({ kind: 'url', spec: { url: server.url } });
    const source = await sources.tried(id);
    expect(source).toMatchObject({ status: 'failing', rangeCount: 0 });
    expect(source.lastError).toContain('127.0.0.1 is private');
    expect(server.requests).toEqual([]);
  } finally {
    await service.stop();
    await server.close();
  }
});
