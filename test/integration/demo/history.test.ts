import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHistory, type History } from '#demo/history';
import { HISTORY_MS, visitsBefore } from '#demo/traffic/scenarios';
import { readConfig } from '#service/config';
import { startService, type RunningService } from '#service/service';
import { SILENT } from '#service/service-log';
import { checkData } from '#service/storage/check/check-data';
import { DAY_MS } from '#shared/durations';
import type { Account, Attempt, AuditEvent, Key, Range, Review } from '#shared/domain/entities';
import type { AttemptSummary } from '#shared/api/routes-log';
import { httpCall } from '#test/support/service/test-service';
import { makeMemoryDir, removeTempDir } from '#test/support/temp-dir';

const SEED = 'test';

describe('the history of the demo', () => {
  const dataDir = makeMemoryDir('history');
  const startsAt = Date.now();
  const from = new Date(startsAt - HISTORY_MS - DAY_MS).toISOString();
  let history: History;
  let service: RunningService;

  beforeAll(async () => {
    history = await makeHistory({ dataDir, seed: SEED, startsAt });
    service = await startService({
      config: readConfig({ GATEHOUSE_DATA_DIR: dataDir, GATEHOUSE_LISTEN: '127.0.0.1:0' }),
      log: SILENT,
      owner: { email: 'nobody@example.com', tokenName: '', tokenHash: () => '', renew: false },
    });
  });
  afterAll(async () => {
    await service.stop();
    removeTempDir(dataDir);
  });

  async function read<T>(path: string): Promise<T> {
    const headers = { authorization: `Bearer ${history.token}` };
    return (await httpCall(`${service.url}${path}`, { headers })).json as T;
  }
  async function list<T>(path: string): Promise<readonly T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: { items: T[]; nextCursor: string | null } = await read(`${path}?limit=1000${next}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  it('ends in automatic, with keys of which one is revoked', async () => {
    expect((await read<Account>('/v1/account')).mode).toBe('automatic');
    const keys = await list<Key>('/v1/keys');
    expect(keys).toHaveLength(6);
    expect(keys.filter(({ status }) => status === 'revoked').map(({ name }) => name)).toEqual([
      'Old importer',
    ]);
  });

  it('contradicts itself nowhere', async () => {
    expect(await checkData({ dataDir })).toEqual([]);
  });

  it('has logged every call of the month, at its time', async () => {
    const visits = visitsBefore(SEED);
    const { total } = await read<AttemptSummary>(`/v1/attempts/summary?from=${from}`);
    expect(total.allowed + total.blocked).toBe(visits.reduce((sum, { calls }) => sum + calls, 0));
    const attempts = await list<Attempt>('/v1/attempts');
    // Visits of one caller within a minute share a row.
    expect(attempts.length).toBeGreaterThan(0.9 * visits.length);
    expect(attempts.length).toBeLessThanOrEqual(visits.length);
    const times = attempts.map(({ firstAt }) => Date.parse(firstAt));
    expect(Math.max(...times)).toBeLessThanOrEqual(startsAt);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(startsAt - HISTORY_MS);
    expect(new Set(attempts.map(({ reason }) => reason))).toEqual(
      new Set(['learned', 'authorized', 'trusted', 'untrusted', 'unknown', 'revoked_key', 'denied']),
    );
  });

  it('lets nobody else in than whom the account knows', async () => {
    const strangers = new Set(visitsBefore(SEED).flatMap(({ ip, isHonest }) => (isHonest ? [] : [ip])));
    const attempts = await list<Attempt>('/v1/attempts');
    const wronglyIn = attempts.filter(({ ip, verdict }) => strangers.has(ip) && verdict === 'allowed');
    expect(wronglyIn).toEqual([]);
  });

  it('has reviews that were answered, and some that wait', async () => {
    const reviews = await list<Review>('/v1/reviews');
    const count = (status: Review['status']): number =>
      reviews.filter((review) => review.status === status).length;
    expect(count('authorized')).toBeGreaterThan(10);
    expect(count('denied')).toBeGreaterThan(10);
    expect(count('pending')).toBeGreaterThan(2);
    expect(count('pending')).toBeLessThan(20);
    expect(new Set(reviews.map(({ decidedBy }) => decidedBy)).size).toBeGreaterThan(2);
  });

  it('has ranges of every source but an import', async () => {
    const sources = (await list<Range>('/v1/ranges')).map(({ source }) => source);
    expect(new Set(sources)).toEqual(new Set(['manual', 'learning', 'automatic', 'approval', 'denial']));
  });

  it('has audited what people did, and that learning has ended by itself', async () => {
    const events = await list<AuditEvent>('/v1/audit');
    expect(new Set(events.map(({ action }) => action))).toEqual(
      new Set([
        ...['key.create', 'key.revoke', 'key.rotate', 'user.create', 'token.create', 'mode.set'],
        ...['range.add', 'range.update', 'range.remove', 'review.authorized', 'review.denied'],
      ]),
    );
    const modes = events.filter(({ action }) => action === 'mode.set').map(({ actor }) => actor.kind);
    expect(modes).toEqual(['user', 'user', 'system']);
  });
});
