import { describe, expect, it } from 'vitest';
import type { Account, Range } from '#shared/domain/entities';
import { systemClock } from '#service/runtime/clock';
import { SharedClock } from '#service/runtime/shared-clock';
import { hasPostgres } from '#test/support/service/postgres';
import { statusOf, usePostgres } from '#test/support/service/postgres-world';
import { httpCall, type TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const IP = '203.0.113.9';
const FIVE_MINUTES_MS = 300_000;

describe.skipIf(!hasPostgres())('processes whose clocks differ', () => {
  const world = usePostgres();
  const startSkewed = (skewMs: number): Promise<TestService> =>
    world.start({ clock: new SharedClock({ now: () => systemClock.now() + skewMs }) });
  const offsetOf = async ({ url }: TestService): Promise<number> => {
    const { text } = await httpCall(`${url}/metrics`);
    return Number(/^gatehouse_clock_offset_seconds (\S+)$/m.exec(text)?.[1]);
  };

  it('go by the database’s clock: a range ends everywhere at the same moment', async () => {
    const right = await startSkewed(0);
    const slow = await startSkewed(-FIVE_MINUTES_MS);
    const { secret } = await right.createKey();
    const expiresAt = new Date(Date.now() + 3_000).toISOString();
    const added = await right.api('/v1/ranges', { body: { cidr: IP, expiresAt } });
    expect(added.status).toBe(201);
    await waitFor('the range everywhere', async () => (await statusOf(slow, secret, IP)) === 200);
    await waitFor('its end', () => Date.now() > Date.parse(expiresAt) + 200);
    expect(await statusOf(slow, secret, IP)).toBe(401);
    expect(await statusOf(right, secret, IP)).toBe(401);
  });

  it('write times that agree, and a duration is counted from the database’s now', async () => {
    const fast = await startSkewed(FIVE_MINUTES_MS);
    const added = await fast.api('/v1/ranges', { body: { cidr: IP } });
    const { items } = added.json as { items: [Range] };
    expect(Math.abs(Date.parse(items[0].createdAt) - Date.now())).toBeLessThan(10_000);
  });

  it('say by how much they are wrong, in the metrics and to administrators', async () => {
    const slow = await startSkewed(-FIVE_MINUTES_MS);
    expect(Math.abs((await offsetOf(slow)) - 300)).toBeLessThan(1);
    const { service } = (await slow.api('/v1/account')).json as Account;
    expect(service).toMatchObject({
      state: 'degraded',
      why: expect.stringMatching(/300 seconds behind the database’s/) as string,
    });
    const right = await startSkewed(0);
    expect(Math.abs(await offsetOf(right))).toBeLessThan(1);
    expect(((await right.api('/v1/account')).json as Account).service.state).toBe('ready');
  });
});
