import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt, Review } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import { stopTestDatabases } from '#test/support/service/test-database';
import { startTestService, type TestService } from '#test/support/service/test-service';

const NETWORK = '2001:db8:0:1';

afterAll(stopTestDatabases);

describe('a review of an IPv6 address', () => {
  let clock: ReturnType<typeof manualClock>;
  let service: TestService;
  let secret = '';
  beforeEach(async () => {
    clock = manualClock();
    service = await startTestService({ clock });
    ({ secret } = await service.createKey());
  });
  afterEach(() => service.stop());

  const items = async <T>(path: string): Promise<T[]> =>
    ((await service.api(path)).json as { items: T[] }).items;
  const reviews = (): Promise<Review[]> => items<Review>('/v1/reviews?limit=1000');
  const call = (last: string, agent = 'curl/8.5.0'): ReturnType<TestService['check']> =>
    service.check(secret, `${NETWORK}::${last}`, { 'user-agent': agent, 'x-original-uri': `/${last}` });

  it('stands for its /64, counts its addresses and lists the latest callers', async () => {
    const first = await call('1');
    for (const last of ['2', '3', '2'])
      expect((await call(last)).json).toMatchObject({ review: reviewIdOf(first) });
    await Promise.all(Array.from({ length: 20 }, (_, n) => call(`a${n + 10}`)));
    clock.advance(5);
    await call('b', 'last/1.0');
    const [review, ...others] = await reviews();
    expect(others).toEqual([]);
    expect(review).toMatchObject({ ip: `${NETWORK}::1`, addressCount: 24, status: 'pending' });
    expect(review?.callers).toHaveLength(8);
    expect(review?.callers[0]).toEqual({
      ip: `${NETWORK}::b`,
      userAgent: 'last/1.0',
      method: 'GET',
      path: '/b',
      at: new Date(clock.now()).toISOString(),
    });
    expect(new Set(review?.callers.map(({ ip }) => ip)).size).toBe(8);
    // The log has each of them.
    expect(await items<Attempt>('/v1/attempts?limit=100')).toHaveLength(24);
  });

  it('does not count an address again, not after its window and not after a restart', async () => {
    for (let n = 1; n <= 12; n += 1) await call(String(n));
    clock.advance(61_000);
    await service.restart();
    for (let n = 1; n <= 12; n += 1) await call(String(n));
    expect((await reviews()).map(({ addressCount, count }) => [addressCount, count])).toEqual([[12, 24]]);
  });

  it('is apart from that of another /64, and of another key', async () => {
    const other = await service.createKey('Other');
    await call('1');
    await service.check(secret, '2001:db8:0:2::1');
    await service.check(other.secret, `${NETWORK}::1`);
    expect((await reviews()).map(({ addressCount }) => addressCount)).toEqual([1, 1, 1]);
  });

  it('keeps the whole /64 from asking anew once it is denied', async () => {
    const id = reviewIdOf(await call('1'));
    await service.api(`/v1/reviews/${id}/deny`, { body: {} });
    expect((await call('2')).json).toMatchObject({ review: id });
    await service.restart();
    expect((await call('3')).json).toMatchObject({ review: id });
    expect((await reviews()).map(({ status, addressCount }) => [status, addressCount])).toEqual([
      ['denied', 3],
    ]);
  });

  it('authorizes its address, after which another one of the /64 is a new review', async () => {
    const id = reviewIdOf(await call('1'));
    await service.api(`/v1/reviews/${id}/authorize`, { body: { scope: 'address' } });
    expect((await call('1')).status).toBe(200);
    const second = reviewIdOf(await call('2'));
    expect(second).not.toBe(id);

    // Taken back, the first address counts towards the review that stands for the /64 by now.
    const reopened = await service.api(`/v1/reviews/${id}/reopen`, { method: 'POST' });
    expect(reopened.json).toMatchObject({ review: { id, status: 'superseded', rangeId: null } });
    clock.advance(61_000);
    expect((await call('1')).json).toMatchObject({ review: second });
    expect(await items('/v1/ranges')).toEqual([]);
  });

  it('is answered for the /64 by the subnet', async () => {
    const id = reviewIdOf(await call('1'));
    await call('2');
    await service.api(`/v1/reviews/${id}/authorize`, { body: { scope: 'subnet' } });
    expect((await call('3')).status).toBe(200);
  });
});

const reviewIdOf = ({ json }: { readonly json: unknown }): string => (json as { review: string }).review;
