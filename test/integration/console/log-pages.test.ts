import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeTime } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import { SECOND_MS } from '#shared/durations';
import type { LogFilter } from '#shared/ipc/log';
import { connect } from '#electron/core/use-cases/connect';
import { forget } from '#electron/core/use-cases/forget';
import { countLog, facetLog, groupLog, timelineLog } from '#electron/core/use-cases/log-figures';
import { pageLog } from '#electron/core/use-cases/page-log';
import { decodePageCursor, encodePageCursor } from '#electron/core/use-cases/paging';
import { CHOSEN_NOTHING } from '#test/support/console/chosen-nothing';
import { startConsole, type TestConsole } from '#test/support/console/test-console';
import { value } from '#test/support/console/value';
import { OWNER_TOKEN, startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const ADDRESSES = 60;

let service: TestService;
let folder: string;
let console: TestConsole;
let secret: string;

const page = (filter: LogFilter, cursor: string | null, limit: number) =>
  pageLog(console.core, { filter, cursor, limit });

/** All pages, as a person sees them who scrolls to the end. */
async function readAll(filter: LogFilter, limit: number): Promise<readonly Attempt[]> {
  const rows: Attempt[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 200; pages += 1) {
    const outcome = await page(filter, cursor, limit);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    expect(outcome.value.items.length).toBeLessThanOrEqual(limit);
    rows.push(...outcome.value.items);
    cursor = outcome.value.nextCursor;
    if (cursor === null) return rows;
  }
  throw new Error('The log has no end.');
}

/** What the service itself has, newest first. */
async function truth(filter: LogFilter): Promise<readonly string[]> {
  const answer = await service.api('/v1/attempts?limit=1000');
  const { items } = answer.json as { items: readonly Attempt[] };
  return items.filter((attempt) => attemptMatches(filter, attempt)).map(({ id }) => id);
}
/** As after months: the store has the newest rows only, and knows from where on they are complete. */
async function keepNewest(rows: number): Promise<void> {
  const { store } = console.core.replica;
  if (store === null) throw new Error('no store is open');
  const { syncState, database } = store;
  const from = (await truth({}))[rows - 1] ?? '';
  database.run('DELETE FROM attempts WHERE id < ?', [from]);
  syncState.write({ ...syncState.read(), logCompleteFrom: from });
  await console.stop();
  console = startConsole({ folder });
  await console.reach('online');
  expect(localCount()).toBe(rows);
}
const localCount = (): number | undefined => console.core.replica.store?.attempts.count();

const idsOf = (rows: readonly Attempt[]): readonly string[] => rows.map(({ id }) => id);

beforeEach(async () => {
  service = await startTestService();
  ({ secret } = await service.createKey());
  await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/28' } });
  for (let host = 0; host < ADDRESSES; host += 1) {
    await service.check(secret, `203.0.113.${host}`, { 'x-original-uri': `/orders/${host}` });
  }
  folder = makeTempDir('console');
  writeFileSync(join(folder, 'profile.json'), CHOSEN_NOTHING);
  console = startConsole({ folder });
  await connect(console.core, { url: service.url, token: OWNER_TOKEN });
  await console.reach('online');
  await waitFor('the log', () => console.core.replica.store?.attempts.count() === ADDRESSES);
});
afterEach(async () => {
  await console.stop();
  await service.stop();
  removeTempDir(folder);
});

const FILTERS: readonly LogFilter[] = [
  {},
  { verdict: 'blocked' },
  { reason: 'authorized' },
  { ip: '203.0.113.8-203.0.113.40' },
  { text: 'ORDERS/3' },
  { verdict: 'blocked', ip: '203.0.113.0/27', text: 'orders/2' },
  { text: 'nothing has this' },
  { asn: 64_500 },
  { verdict: 'blocked', country: 'DE' },
];

describe('the pages of the log', () => {
  it.each(FILTERS)('have every row once, newest first: %o', async (filter) => {
    for (const limit of [7, 100]) expect(idsOf(await readAll(filter, limit))).toEqual(await truth(filter));
  });

  it.each(FILTERS)('go on with the service where the local store ends: %o', async (filter) => {
    await keepNewest(21);
    for (const limit of [7, 20, 21, 100]) {
      expect(idsOf(await readAll(filter, limit))).toEqual(await truth(filter));
    }
  });

  it('can be those of a time, on this computer and from the service', async () => {
    const times = (await truth({})).map((id) => decodeTime(id));
    const filter = { fromMs: times[45] ?? 0, toMs: times[5] ?? 0 };
    const expected = await truth(filter);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(ADDRESSES);
    expect(idsOf(await readAll(filter, 7))).toEqual(expected);
    await keepNewest(21);
    expect(idsOf(await readAll(filter, 7))).toEqual(expected);
  });

  it('are kept as they are looked at, down to the end, and are then there offline too', async () => {
    await keepNewest(21);
    const expected = await truth({});
    const first = await page({}, null, 25);
    expect(first.ok && idsOf(first.value.items)).toEqual(expected.slice(0, 25));
    expect([localCount(), console.core.replica.mirror.state.logCompleteFrom]).toEqual([25, expected[24]]);
    // A filter is answered from what is kept, and goes on below it without keeping anything.
    expect(idsOf(await readAll({ verdict: 'allowed' }, 7))).toEqual(await truth({ verdict: 'allowed' }));
    expect(localCount()).toBe(25);
    expect(idsOf(await readAll({}, 9))).toEqual(expected);
    expect([localCount(), console.core.replica.mirror.state.logCompleteFrom]).toEqual([ADDRESSES, '']);

    await console.stop();
    const host = new URL(service.url).host;
    await service.stop();
    console = startConsole({ folder });
    await console.reach('unreachable');
    expect(idsOf(await readAll({}, 7))).toEqual(expected);
    service = await startTestService({ env: { GATEHOUSE_LISTEN: host } });
  });

  it('are not kept where they do not lie right below what is there', async () => {
    await keepNewest(21);
    const expected = await truth({});
    // As if somebody had scrolled on while the mark moved up.
    const below = encodePageCursor({ at: 'service', before: expected[40] ?? null });
    const skipped = await page({}, below, 5);
    expect(skipped.ok && idsOf(skipped.value.items)).toEqual(expected.slice(41, 46));
    expect([localCount(), console.core.replica.mirror.state.logCompleteFrom]).toEqual([21, expected[20]]);

    // An answer that comes when the edge is not where it was any more.
    const stale = console.core.replica.mirror.logEdge;
    await page({}, encodePageCursor({ at: 'service', before: expected[20] ?? null }), 5);
    expect(localCount()).toBe(26);
    expect(console.core.replica.mirror.keepOlder(stale, [], true)).toBe(false);
    expect(console.core.replica.mirror.state.logCompleteFrom).toBe(expected[25]);
  });

  it('say that the rest is with the service when that goes away on the way', async () => {
    await keepNewest(21);
    const first = await page({}, null, 21);
    const cursor = first.ok ? first.value.nextCursor : null;
    await service.stop();
    await console.reach('unreachable');
    expect(await page({}, cursor, 21)).toMatchObject({
      failure: { kind: 'unreachable', message: expect.stringContaining('Older rows') as string },
    });
    service = await startTestService();
  });

  it('offline are those that this computer has', async () => {
    const expected = await truth({});
    await service.stop();
    await console.reach('unreachable');
    expect(idsOf(await readAll({}, 7))).toEqual(expected);
    expect(idsOf(await readAll({ verdict: 'allowed' }, 7))).toHaveLength(16);
    service = await startTestService();
  });

  it('show live rows in their first place', async () => {
    await service.check(secret, '198.51.100.7');
    await waitFor('the row', () => console.core.replica.store?.attempts.count() === ADDRESSES + 1);
    const outcome = await page({}, null, 3);
    expect(outcome.ok && outcome.value.items[0]).toMatchObject({ ip: '198.51.100.7', verdict: 'blocked' });
  });

  it('refuse what is no address, no time and no cursor', async () => {
    expect(await page({ ip: '10.0.0' }, null, 10)).toMatchObject({
      failure: { kind: 'invalid', field: 'ip' },
    });
    expect(await page({ fromMs: 2, toMs: 1 }, null, 10)).toMatchObject({
      failure: { kind: 'invalid', field: 'toMs' },
    });
    expect(await page({}, 'nonsense', 10)).toMatchObject({ failure: { kind: 'invalid', field: 'cursor' } });
  });
});

describe('the figures of the log', () => {
  const figures = async (filter: LogFilter) => ({
    count: value(await countLog(console.core, { filter })),
    byAddress: value(await groupLog(console.core, { filter, by: 'address', offset: 0, limit: 5 })),
    timeline: value(await timelineLog(console.core, { filter, mostBuckets: 10 })),
    facets: value(await facetLog(console.core, { filter })).facets,
  });

  it('are those of the rows on this computer, online and offline', async () => {
    // To the end, after which all of it is known to be here.
    await readAll({}, 100);
    const online = await figures({ verdict: 'blocked' });
    expect(online.count).toEqual({ rows: ADDRESSES - 16, completeFrom: null });
    expect(online.byAddress).toMatchObject({ isMore: true, completeFrom: null });
    expect(online.byAddress.groups).toHaveLength(5);
    expect(online.timeline.buckets.map(({ allowed }) => allowed)).not.toContain(1);
    expect(online.timeline.buckets.reduce((sum, { blocked }) => sum + blocked, 0)).toBe(ADDRESSES - 16);
    expect(online.facets.verdict).toMatchObject([
      { value: 'blocked', rows: ADDRESSES - 16 },
      { value: 'allowed', rows: 16 },
    ]);
    await service.stop();
    await console.reach('unreachable');
    expect(await figures({ verdict: 'blocked' })).toEqual(online);
    service = await startTestService();
  });

  it('are those of a time, over which the timeline goes', async () => {
    const times = (await truth({})).map((id) => decodeTime(id));
    const filter = { fromMs: times[45] ?? 0, toMs: (times[5] ?? 0) + 1 };
    const { length } = await truth(filter);
    const { count, timeline, facets } = await figures(filter);
    expect(count.rows).toBe(length);
    expect(timeline.buckets.reduce((sum, { allowed, blocked }) => sum + allowed + blocked, 0)).toBe(length);
    expect(filter.fromMs - Date.parse(timeline.from)).toBeLessThan(timeline.bucketSeconds * SECOND_MS);
    expect(facets.keyId.map(({ rows }) => rows)).toEqual([length]);
  });

  it('say since when all rows are there', async () => {
    await keepNewest(21);
    const oldest = value(await page({}, null, 21)).items.at(-1);
    const { count } = await figures({});
    expect(count.rows).toBe(21);
    expect(Date.parse(count.completeFrom ?? '')).toBe(decodeTime(oldest?.id ?? ''));
  });

  it('refuse what is no address', async () => {
    expect(await countLog(console.core, { filter: { ip: '10.0.0' } })).toMatchObject({
      failure: { kind: 'invalid', field: 'ip' },
    });
  });
});

describe('the thread that reads the log', () => {
  it('ends with the account, so that its folder can go', async () => {
    await page({}, null, 10);
    const { accountStores, replica } = console.core;
    const { service: ref, accountId } = replica;
    if (ref === null || accountId === null) throw new Error('no account is shown');
    const reading = countLog(console.core, { filter: { verdict: 'blocked' } });
    value(await forget(console.core, { discardUnsent: true }));
    expect(value(await reading).rows).toBe(ADDRESSES - 16);
    expect(existsSync(accountStores.folderOf(ref, accountId))).toBe(false);
  });
});

describe('before the first connection', () => {
  it('the log is unknown, not empty', async () => {
    await console.stop();
    const fresh = makeTempDir('console');
    writeFileSync(join(fresh, 'profile.json'), CHOSEN_NOTHING);
    console = startConsole({ folder: fresh });
    expect(await page({}, null, 10)).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
    await console.stop();
    removeTempDir(fresh);
    console = startConsole({ folder });
  });
});

describe('a cursor', () => {
  const id = '01M86BXPBE0GJ6ZGJSCPT3Q150';
  it.each([
    { at: 'store', before: null },
    { at: 'store', before: id },
    { at: 'service', before: null },
    { at: 'service', before: id },
  ] as const)('%o is read back as it was', (cursor) => {
    expect(decodePageCursor(encodePageCursor(cursor))).toEqual(cursor);
  });
});
