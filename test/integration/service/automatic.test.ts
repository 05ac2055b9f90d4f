import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt, AuditEvent, Range, Review } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import { writeMmdb } from '#test/support/service/mmdb-writer';
import { startTestService, type Answer, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const AGENT = 'billing-worker/3.2 (acme)';

/** A provider for people in Spain, another one, and a cloud. Public addresses, so that countries are known. */
const NETWORKS = {
  '81.184.0.0/16': { autonomous_system_number: 12_479, autonomous_system_organization: 'Orange Espagne' },
  '83.40.0.0/16': { autonomous_system_number: 3_352, autonomous_system_organization: 'Telefonica de Espana' },
  '5.9.0.0/16': { autonomous_system_number: 24_940, autonomous_system_organization: 'Hetzner Online GmbH' },
};

describe('automatic mode', () => {
  const clock = manualClock();
  let dataDir = '';
  let service: TestService;
  let secret = '';
  let keyId = '';

  /** An account that has learned from one office for a week, and is in automatic since. */
  beforeEach(async () => {
    dataDir = makeTempDir('automatic');
    const asn = join(dataDir, 'asn.mmdb');
    const blocklist = join(dataDir, 'bad.txt');
    writeMmdb(asn, { records: NETWORKS, databaseType: 'GeoLite2-ASN' });
    writeFileSync(blocklist, '# seen attacking\n81.184.66.0/24\n');
    service = await startTestService({
      clock,
      mode: 'learning',
      dataDir,
      env: { GATEHOUSE_ASN_MMDB: asn, GATEHOUSE_BLOCKLISTS: blocklist },
    });
    const created = await service.createKey();
    ({ secret } = created);
    keyId = created.key.id;
    for (let day = 0; day < 7; day += 1) {
      await check('81.184.10.5');
      clock.advance(DAY_MS);
    }
    await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
  });
  afterEach(async () => {
    await service.stop();
    removeTempDir(dataDir);
  });

  const check = (ip: string, agent: string = AGENT): Promise<Answer> =>
    service.check(secret, ip, { 'user-agent': agent });
  const reasonFor = async (ip: string, agent?: string): Promise<string> =>
    String((await check(ip, agent)).headers['x-gatehouse-reason']);
  const items = async <T>(path: string): Promise<T[]> =>
    ((await service.api(path)).json as { items: T[] }).items;
  const reviewOf = async (ip: string): Promise<Review | undefined> =>
    (await items<Review>('/v1/reviews')).find((review) => review.ip === ip);
  const signals = (review: Review | undefined): string[] =>
    review?.evidence.map(({ signal }) => signal) ?? [];

  it('lets a neighbour with the known agent in, and adds the range around it', async () => {
    const answer = await check('81.184.77.9');
    expect([answer.status, answer.headers['x-gatehouse-reason']]).toEqual([200, 'trusted']);
    const grant = (await items<Range>('/v1/ranges')).find(({ source }) => source === 'automatic');
    expect(grant).toMatchObject({ cidr: '81.184.77.0/24', effect: 'authorize', createdBy: 'system' });
    expect(answer.headers['x-gatehouse-range']).toBe(grant?.id);
    expect(await reasonFor('81.184.77.10')).toBe('authorized');
    expect(await items<Review>('/v1/reviews')).toEqual([]);
    const [added] = (await items<AuditEvent>('/v1/audit')).filter(({ target }) => target === grant?.id);
    expect(added).toMatchObject({ action: 'range.add', via: 'system' });
  });

  it('keeps everybody else out, and tells an administrator what was found, in words', async () => {
    const answer = await check('5.9.1.2', 'curl/8.1');
    expect([answer.status, answer.headers['x-gatehouse-reason']]).toEqual([401, 'untrusted']);
    const review = await reviewOf('5.9.1.2');
    expect(review).toMatchObject({
      status: 'pending',
      reason: 'untrusted',
      country: 'DE',
      asn: 24_940,
      asName: 'Hetzner Online GmbH',
    });
    expect(review?.score).toEqual(expect.any(Number));
    expect(signals(review)).toContain('hosting-or-anonymizer');
    for (const { detail } of review?.evidence ?? []) expect(detail).toMatch(/^[A-Z].*\.$/);
    expect(await items<Attempt>('/v1/attempts?verdict=blocked')).toMatchObject([
      { ip: '5.9.1.2', country: 'DE', asn: 24_940, asName: 'Hetzner Online GmbH', reviewId: review?.id },
    ]);
  });

  it('does not let the agent alone speak for anybody', async () => {
    expect(await reasonFor('83.40.9.9')).toBe('untrusted');
    expect(signals(await reviewOf('83.40.9.9'))).toContain('known-agent');
  });

  it('never lets in what is on a blocklist, or was denied, or lies beside what was denied', async () => {
    expect(await reasonFor('81.184.66.9')).toBe('untrusted');
    expect(signals(await reviewOf('81.184.66.9'))).toContain('blocklisted');

    expect(await reasonFor('81.184.55.5', 'python-requests/2.31')).toBe('untrusted');
    const asked = await reviewOf('81.184.55.5');
    await service.api(`/v1/reviews/${asked?.id ?? ''}/deny`, { body: {} });
    clock.advance(HOUR_MS);
    expect(await reasonFor('81.184.55.5')).toBe('untrusted');
    expect(await reasonFor('81.184.55.6')).toBe('untrusted');
    expect(signals(await reviewOf('81.184.55.6'))).toContain('previously-denied');

    await service.api('/v1/ranges', { body: { cidr: '81.184.44.1', effect: 'deny' } });
    expect(await reasonFor('81.184.44.2')).toBe('untrusted');
    expect(signals(await reviewOf('81.184.44.2'))).toContain('previously-denied');
  });

  it('authorizes a removed range again when it is used and deemed trustworthy, but not through a denied one', async () => {
    await check('81.184.77.9');
    const grant = (await items<Range>('/v1/ranges')).find(({ source }) => source === 'automatic');
    await service.api(`/v1/ranges/${grant?.id ?? ''}`, { method: 'DELETE' });
    expect(await reasonFor('81.184.77.9')).toBe('trusted');
    const again = (await items<Range>('/v1/ranges')).find(({ source }) => source === 'automatic');
    await service.api(`/v1/ranges/${again?.id ?? ''}`, { method: 'DELETE' });
    await service.api('/v1/ranges', { body: { cidr: '81.184.77.0/24', effect: 'deny' } });
    expect(await reasonFor('81.184.77.9')).toBe('denied');
  });

  it('forgets what a range vouched for when the range is removed', async () => {
    for (const range of await items<Range>('/v1/ranges')) {
      await service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    }
    expect(await reasonFor('81.184.77.9')).toBe('untrusted');
    expect(signals(await reviewOf('81.184.77.9'))).not.toContain('adjacent-prefix');
  });

  it('learns from what a person lets in, at once', async () => {
    const office = '83.40.9.9';
    await check(office);
    const asked = await reviewOf(office);
    // The neighbour is refused as long as nobody has spoken for the first one.
    expect(await reasonFor('83.40.200.9')).toBe('untrusted');
    await service.api(`/v1/reviews/${asked?.id ?? ''}/authorize`, { body: { scope: 'address' } });
    clock.advance(HOUR_MS);
    expect(await reasonFor('83.40.200.9')).toBe('trusted');
  });

  it('knows a key by its own use: another key has no history here', async () => {
    const other = await service.createKey('Other');
    const answer = await service.check(other.secret, '81.184.77.9', { 'user-agent': AGENT });
    expect(answer.headers['x-gatehouse-reason']).toBe('untrusted');
  });

  it('evaluates an address again when it comes back after the fold window, not with each call', async () => {
    expect(await reasonFor('81.184.77.9', 'strange/1.0')).toBe('untrusted');
    // Within the window the judgement stands, also for a better-looking call.
    expect(await reasonFor('81.184.77.9')).toBe('untrusted');
    clock.advance(61_000);
    expect(await reasonFor('81.184.77.9')).toBe('trusted');
    // The review that was open is answered by the grant.
    expect(await reviewOf('81.184.77.9')).toMatchObject({ status: 'superseded', decidedBy: 'system' });
  });

  it('keeps a spray of unknown addresses out, the good-looking ones in it too', async () => {
    for (let n = 0; n < 20; n += 1) await check(`5.9.${n}.7`, 'curl/8.1');
    expect(await reasonFor('81.184.77.9')).toBe('untrusted');
    expect(signals(await reviewOf('81.184.77.9'))).toContain('unknown-burst');
  });

  it('remembers what it knows through a restart', async () => {
    await service.restart();
    expect(await reasonFor('81.184.77.9')).toBe('trusted');
  });

  it('adds one grant for neighbours that arrive together', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, host) => check(`81.184.77.${host + 1}`)),
    );
    for (const { headers } of answers) {
      expect(['trusted', 'authorized']).toContain(headers['x-gatehouse-reason']);
    }
    const grants = (await items<Range>('/v1/ranges')).filter(({ source }) => source === 'automatic');
    expect(grants).toHaveLength(1);
  });

  it('tells beforehand what it would say, and changes nothing', async () => {
    const before = await items<Range>('/v1/ranges');
    const answer = await service.api(
      `/v1/explain?ip=81.184.77.9&keyId=${keyId}&userAgent=${encodeURIComponent(AGENT)}`,
    );
    expect(answer.json).toMatchObject({
      verdict: 'allowed',
      reason: 'trusted',
      grant: '81.184.77.0/24',
      trust: { trusted: true },
    });
    expect(await items<Range>('/v1/ranges')).toEqual(before);
    expect(await reasonFor('81.184.77.9')).toBe('trusted');
  });
});
