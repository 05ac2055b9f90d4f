import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { hasPgBouncer, startPgBouncer, type TestPooler } from '#test/support/service/pgbouncer';
import { hasPostgres } from '#test/support/service/postgres';
import { reviewsOf, statusOf, usePostgres } from '#test/support/service/postgres-world';
import type { TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const IP = '203.0.113.9';

describe.skipIf(!hasPostgres() || !hasPgBouncer())('services behind PgBouncer in transaction mode', () => {
  const world = usePostgres();
  let pooler: TestPooler;
  beforeAll(async () => {
    pooler = await startPgBouncer(await world.postgres.createDatabase());
  });
  afterAll(() => pooler.stop());

  const start = (more: Record<string, string> = {}): Promise<TestService> =>
    world.start({ env: { GATEHOUSE_DATABASE_URL: pooler.through(world.url), ...more } });

  it('log calls, open reviews and follow each other, with PostgreSQL itself for the notices', async () => {
    const direct = { GATEHOUSE_DATABASE_DIRECT_URL: world.url };
    const [a, b] = [await start(direct), await start(direct)];
    const { secret } = await a.createKey();
    await waitFor(
      'the key everywhere',
      async () => (await b.check(secret, IP)).headers['x-gatehouse-reason'] === 'unknown',
    );
    const calls = Array.from({ length: 60 }, (_, n) =>
      statusOf(n % 2 === 0 ? a : b, secret, `198.51.100.${n}`),
    );
    expect(new Set(await Promise.all(calls))).toEqual(new Set([401]));
    const reviews: readonly Review[] = await reviewsOf(b);
    expect(reviews).toHaveLength(61);
    const review = reviews.find(({ ip }) => ip === IP);
    const approved = await a.api(`/v1/reviews/${review?.id ?? ''}/authorize`, { body: { scope: 'address' } });
    expect(approved.status).toBe(200);
    await waitFor('the approval everywhere', async () => (await statusOf(b, secret, IP)) === 200);
  });

  it('start and follow each other through the pooler alone', async () => {
    const [a, b] = [await start(), await start()];
    const { secret } = await a.createKey();
    await a.api('/v1/ranges', { body: { cidr: IP } });
    await waitFor('the range everywhere', async () => (await statusOf(b, secret, IP)) === 200);
  });

  it('leave no limit behind on a connection that the pooler hands on', async () => {
    const service = await start({ GATEHOUSE_DATABASE_DIRECT_URL: world.url });
    await service.createKey();
    const settings = await world.postgres.query<{ statement_timeout: string }>(
      pooler.through(world.url),
      'SHOW statement_timeout',
    );
    expect(settings).toEqual([{ statement_timeout: '0' }]);
  });
});
