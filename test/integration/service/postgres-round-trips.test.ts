import { describe, expect, it } from 'vitest';
import { hasPostgres } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';
import { watchFirstSeenWrites } from '#test/support/service/write-round-trips';

/** Longer than the service needs between two statements that it sends together. */
const DELAY_MS = 20;

describe.skipIf(!hasPostgres())('the write of a call from a new address', () => {
  const world = usePostgres();

  async function startBehindLine() {
    const { line, url } = await world.throughProxy();
    const service = await world.start({ env: { GATEHOUSE_DATABASE_URL: url } });
    const { secret } = await service.createKey();
    const roundTrips = watchFirstSeenWrites(line);
    line.delay(DELAY_MS);
    return { service, secret, roundTrips };
  }

  it('begins, writes and commits in a round trip each, with a review', async () => {
    const { service, secret, roundTrips } = await startBehindLine();
    const { headers } = await service.check(secret, '203.0.113.9');
    expect(headers['x-gatehouse-review']).toBeDefined();
    expect(roundTrips).toEqual([3]);
  });

  it('needs no more for many calls together', async () => {
    const { service, secret, roundTrips } = await startBehindLine();
    const calls = Array.from({ length: 90 }, (_, n) => service.check(secret, `203.0.113.${n}`));
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(new Set(answers.map(({ headers }) => headers['x-gatehouse-review'])).size).toBe(90);
    expect(Math.max(...roundTrips)).toBe(3);
  });

  it('asks for all new reviews together what to propose', async () => {
    const { service, secret, roundTrips } = await startBehindLine();
    await Promise.all(Array.from({ length: 8 }, (_, n) => service.check(secret, `8.8.8.${n}`)));
    expect(Math.max(...roundTrips)).toBe(4);
  });

  it('asks in between what it knows of a caller that a range lets in, if there is something new', async () => {
    const { service, secret, roundTrips } = await startBehindLine();
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
    await service.check(secret, '203.0.113.9');
    await service.check(secret, '203.0.113.10');
    expect(roundTrips).toEqual([5, 3]);
  });
});
