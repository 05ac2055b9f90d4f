import { afterEach, describe, expect, it } from 'vitest';
import { memoryLog } from '#test/support/service/memory-log';
import { hasPostgres } from '#test/support/service/postgres';
import { statusOf, usePostgres } from '#test/support/service/postgres-world';
import { problem } from '#test/support/service/problem-answer';
import { httpCall } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const IP = '203.0.113.9';
/** Above every limit, because the machine may be busy, and far below the 12 seconds of the driver. */
const SOON_MS = 6_000;

/** Returns the result and the time that it took in milliseconds. */
async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const startedAt = performance.now();
  const result = await work();
  return { result, ms: performance.now() - startedAt };
}

describe.skipIf(!hasPostgres())('while PostgreSQL is silent', () => {
  const world = usePostgres();
  let thaw: () => void = () => undefined;
  // Before the services stop, which write what is in memory.
  afterEach(() => thaw());

  const startAndFreeze = async (more: Record<string, string> = {}) => {
    const { line, url } = await world.throughProxy();
    const log = memoryLog();
    const env = { GATEHOUSE_DATABASE_URL: url, GATEHOUSE_CHECK_TIMEOUT: '1s', ...more };
    const service = await world.start({ env, log });
    const { secret } = await service.createKey();
    await service.api('/v1/ranges', { body: { cidr: IP } });
    expect(await statusOf(service, secret, IP)).toBe(200);
    thaw = () => line.thaw();
    line.freeze();
    return { service, secret, line, log };
  };

  it('a call from a new address is refused after a second, and one that memory knows is let in', async () => {
    const { service, secret } = await startAndFreeze();
    const { result, ms } = await timed(() => service.check(secret, '198.51.100.1'));
    expect(result).toMatchObject({ status: 503, headers: { 'x-gatehouse-reason': 'unavailable' } });
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(SOON_MS);
  });

  it('edits are refused in time, however many wait, and are to be sent again', async () => {
    const { service } = await startAndFreeze();
    const edits = await timed(() =>
      Promise.all(
        [1, 2, 3, 4, 5, 6].map((n) => service.api('/v1/ranges', { body: { cidr: `198.51.100.${n}` } })),
      ),
    );
    expect(edits.ms).toBeLessThan(SOON_MS);
    for (const answer of edits.result) {
      expect(problem(answer)).toMatchObject({ status: 503, code: 'unavailable' });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  it('readiness and metrics answer at once', async () => {
    const { service } = await startAndFreeze();
    const ready = await timed(() => httpCall(`${service.url}/readyz`));
    const metrics = await timed(() => httpCall(`${service.url}/metrics`));
    expect(metrics.result.status).toBe(200);
    expect(ready.ms).toBeLessThan(SOON_MS / 2);
    expect(metrics.ms).toBeLessThan(SOON_MS / 2);
    await waitFor(
      'the service to say so',
      async () => (await httpCall(`${service.url}/readyz`)).status === 503,
    );
  });

  it('the log has one line for what fails with every call', async () => {
    const { service, secret, log, line } = await startAndFreeze();
    const calls = Array.from({ length: 30 }, (_, n) => statusOf(service, secret, `198.51.100.${n}`));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([503]));
    const failures = log.events().filter((event) => event === 'check.failed');
    expect(failures).toHaveLength(1);
    line.thaw();
    await waitFor(
      'calls to be decided again',
      async () => (await statusOf(service, secret, '198.51.100.99')) === 401,
    );
  });
});
