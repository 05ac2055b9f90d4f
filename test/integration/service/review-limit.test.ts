import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt, Review } from '#shared/domain/entities';
import { MAX_OPEN_REVIEWS } from '#service/policy/policy';
import { manualClock } from '#test/support/manual-clock';
import { stopTestDatabases } from '#test/support/service/test-database';
import { startTestService, type TestService } from '#test/support/service/test-service';

const addressOf = (n: number): string => `198.18.${n >> 8}.${n & 255}`;

afterAll(stopTestDatabases);

describe('a key that is tried from more addresses than are asked about', () => {
  let clock: ReturnType<typeof manualClock>;
  let service: TestService;
  let secret = '';
  let keyId = '';
  beforeEach(async () => {
    clock = manualClock();
    service = await startTestService({ clock });
    ({
      secret,
      key: { id: keyId },
    } = await service.createKey());
    await callFrom(0, MAX_OPEN_REVIEWS + 50);
  });
  afterEach(() => service.stop());

  const callFrom = async (first: number, end: number): Promise<void> => {
    for (let n = first; n < end; n += 50) {
      const some = Array.from({ length: Math.min(50, end - n) }, (_, index) => addressOf(n + index));
      await Promise.all(some.map((ip) => service.check(secret, ip)));
    }
  };
  const pending = async (): Promise<Review[]> =>
    ((await service.api('/v1/reviews?limit=1000&status=pending')).json as { items: Review[] }).items;
  const isOverflow = ({ evidence }: Review): boolean =>
    evidence.some(({ signal }) => signal === 'too-many-addresses');
  const reviewOf = async (ip: string): Promise<unknown> =>
    ((await service.check(secret, ip)).json as { review?: unknown }).review;

  it('has no more open reviews than it may, one of which says so and counts the rest', async () => {
    const open = await pending();
    expect(open).toHaveLength(MAX_OPEN_REVIEWS);
    const [overflow, ...others] = open.filter(isOverflow);
    expect(others).toEqual([]);
    expect(overflow).toMatchObject({ addressCount: 51, count: 51 });
    expect(overflow?.callers).toHaveLength(8);

    // It is known again after a restart, and an address that it counts is no new one.
    await service.restart();
    clock.advance(61_000);
    expect(await reviewOf(addressOf(MAX_OPEN_REVIEWS + 5))).toBe(overflow?.id);
    expect(await reviewOf(addressOf(2_000))).toBe(overflow?.id);
    expect((await pending()).find(isOverflow)).toMatchObject({
      id: overflow?.id,
      addressCount: 52,
      count: 53,
    });
  });

  it('has its repeats counted, and no row of the log for each of them', async () => {
    const ip = addressOf(MAX_OPEN_REVIEWS + 5);
    for (let calls = 0; calls < 5; calls += 1) await service.check(secret, ip);
    const { items } = (await service.api(`/v1/attempts?ip=${ip}`)).json as { items: Attempt[] };
    expect(items).toHaveLength(1);
  });

  it('asks about addresses one by one again as soon as there is room', async () => {
    const [overflow, other] = await pending();
    if (overflow === undefined || other === undefined) throw new Error('there are no reviews');
    await service.api(`/v1/reviews/${other.id}/deny`, { body: {} });
    const id = await reviewOf(addressOf(3_000));
    expect((await pending()).find((review) => review.id === id)).toMatchObject({ ip: addressOf(3_000) });
    expect(await reviewOf(addressOf(3_001))).toBe(overflow.id);

    // Another one counts the rest when this one is answered.
    await service.api(`/v1/reviews/${overflow.id}/deny`, { body: {} });
    const next = await reviewOf(addressOf(3_002));
    expect((await pending()).filter(isOverflow).map((review) => review.id)).toEqual([next]);
  });

  it('is in strange hands for the trust review, also when most of it began longer ago than an hour', async () => {
    clock.advance(2 * 3_600_000);
    await service.check(secret, addressOf(4_000));
    await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
    const explained = await service.api(`/v1/explain?ip=192.0.2.1&keyId=${keyId}`);
    const { trust } = explained.json as { trust: { evidence: { signal: string }[] } };
    expect(trust.evidence.map(({ signal }) => signal)).toContain('unknown-burst');
    // What is known of a key that is tried from everywhere is remembered for a moment, but no answer of a person is missed.
    const [review] = await pending();
    await service.api(`/v1/reviews/${review?.id ?? ''}/authorize`, { body: { scope: 'subnet' } });
    const again = await service.api(`/v1/explain?ip=${review?.ip ?? ''}&keyId=${keyId}`);
    expect(again.json).toMatchObject({ verdict: 'allowed' });
  });

  it('has nothing to do with another key', async () => {
    const other = await service.createKey('Other');
    const answer = await service.check(other.secret, addressOf(MAX_OPEN_REVIEWS + 5));
    const { review } = answer.json as { review: string };
    expect((await pending()).find(({ id }) => id === review)?.keyId ?? review).not.toBe(keyId);
    expect((await service.api(`/v1/explain?ip=192.0.2.1&keyId=${other.key.id}`)).json).toMatchObject({
      reviewId: null,
    });
  });
});
