import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '#shared/domain/entities';
import { WRITE_LOCK } from '#service/storage/postgres-transaction';
import { memoryLog } from '#test/support/service/memory-log';
import { hasPostgres } from '#test/support/service/postgres';
import { reviewsOf, statusOf, usePostgres } from '#test/support/service/postgres-world';
import { startServiceProcess } from '#test/support/service/service-process';
import { httpCall, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const LISTED = '203.0.113.9';
const DENIED = '203.0.113.10';
const UNLISTED = '198.51.100.7';

describe.skipIf(!hasPostgres())('while PostgreSQL is away', () => {
  const world = usePostgres({ durable: true });

  const startWithList = async (more: Record<string, string> = {}) => {
    const { line, url } = await world.throughProxy();
    const env = {
      GATEHOUSE_DATABASE_URL: url,
      GATEHOUSE_CHECK_TIMEOUT: '1s',
      GATEHOUSE_STALE_POLICY: '15m',
      ...more,
    };
    const service = await world.start({ env });
    const { secret, key } = await service.createKey();
    await service.api('/v1/ranges', { body: { cidr: LISTED } });
    await service.api('/v1/ranges', { body: { cidr: DENIED, effect: 'deny' } });
    return { service, secret, key, line };
  };
  const goAway = async (service: TestService, line: { freeze(): void }): Promise<void> => {
    line.freeze();
    await waitFor('the service to notice', async () => {
      const { json } = await service.api('/readyz');
      return (json as { status?: string | number }).status === 'degraded';
    });
  };
  const attemptsOf = async (service: TestService, query = ''): Promise<Attempt[]> =>
    ((await service.api(`/v1/attempts?limit=1000${query}`)).json as { items: Attempt[] }).items;
  const reasonOf = async (service: TestService, secret: string, ip: string): Promise<string> => {
    const { status, headers } = await service.check(secret, ip);
    return `${status} ${String(headers['x-gatehouse-reason'])}`;
  };

  it('decides by the policy that it has, blocks whom it does not know, and says so', async () => {
    const { service, secret, line } = await startWithList();
    await goAway(service, line);
    expect(await reasonOf(service, secret, LISTED)).toBe('200 authorized');
    expect(await reasonOf(service, secret, DENIED)).toBe('401 denied');
    expect(await reasonOf(service, secret, UNLISTED)).toBe('401 unknown');
    expect(await reasonOf(service, 'wrong-secret', LISTED)).toBe('401 invalid_key');
    const ready = await httpCall(`${service.url}/readyz`);
    expect(ready).toMatchObject({
      status: 200,
      json: {
        status: 'degraded',
        why: expect.stringMatching(/decided by the policy of .*unknown addresses are blocked/) as string,
        policyAgeSeconds: expect.any(Number) as number,
      },
    });
    expect((await service.api('/v1/ranges', { body: { cidr: UNLISTED } })).status).toBe(503);
    const { text } = await httpCall(`${service.url}/metrics`);
    expect(text).toMatch(/^gatehouse_queue_length\{queue="spool"\} 3$/m);
    expect(Number(/^gatehouse_policy_age_seconds (\S+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
    line.thaw();
    await waitFor('the service to be ready', async () => {
      const { json } = await service.api('/readyz');
      return (json as { status?: string }).status === 'ready';
    });
  });

  it('writes each call and each review once when it is back, with all repeats', async () => {
    const { service, secret, line } = await startWithList();
    await goAway(service, line);
    for (let call = 0; call < 5; call += 1) {
      expect(await statusOf(service, secret, LISTED)).toBe(200);
      expect(await statusOf(service, secret, UNLISTED)).toBe(401);
    }
    const others = Array.from({ length: 40 }, (_, n) => `192.0.2.${n}`);
    await Promise.all(others.map((ip) => statusOf(service, secret, ip)));
    line.thaw();
    // The answer to the commit of the first delivery is lost as well.
    line.cutAfter('COMMIT\0');
    await waitFor('everything to be delivered', async () => {
      const { text } = await httpCall(`${service.url}/metrics`);
      return text.includes('gatehouse_queue_length{queue="spool"} 0');
    });
    await waitFor('the repeats', async () => {
      const [row] = await attemptsOf(service, `&ip=${UNLISTED}`);
      return row?.count === 5;
    });
    const attempts = await attemptsOf(service);
    expect(attempts.map(({ ip }) => ip).sort()).toEqual([LISTED, UNLISTED, ...others].sort());
    expect(attempts.find(({ ip }) => ip === LISTED)).toMatchObject({ verdict: 'allowed', count: 5 });
    const reviews = await reviewsOf(service);
    expect(reviews.map(({ ip }) => ip).sort()).toEqual([UNLISTED, ...others].sort());
    expect(reviews.find(({ ip }) => ip === UNLISTED)).toMatchObject({ count: 5, reason: 'unknown' });
    // The next call is counted towards the review that was opened late.
    const { json } = await service.check(secret, UNLISTED);
    expect(json).toMatchObject({ review: reviews.find(({ ip }) => ip === UNLISTED)?.id });
  });

  it('grants nothing: in learning and automatic mode unknown addresses are blocked', async () => {
    const { service, secret, line } = await startWithList();
    for (const mode of ['learning', 'automatic']) {
      await service.api('/v1/account/mode', { method: 'PUT', body: { mode } });
      await goAway(service, line);
      expect(await statusOf(service, secret, UNLISTED)).toBe(401);
      expect(await statusOf(service, secret, LISTED)).toBe(200);
      line.thaw();
      await waitFor('the service to be back', async () => (await service.api('/v1/account')).status === 200);
    }
    const { items } = (await service.api('/v1/ranges')).json as { items: { cidr: string }[] };
    expect(items.map(({ cidr }) => cidr).sort()).toEqual([DENIED, LISTED].map((ip) => `${ip}/32`).sort());
  });

  it('counts calls once that waited too long for a write that succeeds after all', async () => {
    const { service, secret } = await startWithList();
    const other = new Client(world.url);
    await other.connect();
    await other.query(`BEGIN; SELECT pg_advisory_xact_lock(${WRITE_LOCK})`);
    const calls = [1, 2, 3].map(() => statusOf(service, secret, UNLISTED));
    expect(await Promise.all(calls)).toEqual([401, 401, 401]);
    await other.query('COMMIT');
    await other.end();
    await waitFor('everything to be delivered', async () => {
      const { text } = await httpCall(`${service.url}/metrics`);
      return ['spool', 'repeats'].every((queue) =>
        text.includes(`gatehouse_queue_length{queue="${queue}"} 0`),
      );
    });
    const attempts = await attemptsOf(service, `&ip=${UNLISTED}`);
    expect(attempts.map(({ count }) => count)).toEqual([3]);
    expect((await reviewsOf(service)).map(({ count }) => count)).toEqual([3]);
  });

  it('stops deciding once the policy is too old', async () => {
    const { service, secret, line } = await startWithList({ GATEHOUSE_STALE_POLICY: '4s' });
    await goAway(service, line);
    expect(await statusOf(service, secret, LISTED)).toBe(200);
    await waitFor('it to be too old', async () => (await statusOf(service, secret, LISTED)) === 503);
    expect((await service.api('/readyz')).status).toBe(503);
    line.thaw();
    await waitFor('the service to be back', async () => (await service.api('/v1/account')).status === 200);
  });

  it('is refused where the disk cannot take the log, and the start says so', async () => {
    const { line, url } = await world.throughProxy();
    const dataDir = makeTempDir('away-no-spool');
    mkdirSync(join(dataDir, 'spool-0.sqlite'));
    const log = memoryLog();
    const env = { GATEHOUSE_DATABASE_URL: url, GATEHOUSE_CHECK_TIMEOUT: '1s', GATEHOUSE_STALE_POLICY: '15m' };
    const service = await world.start({ env, dataDir, log });
    const { secret } = await service.createKey();
    expect(log.events()).toContain('spool.unusable');
    line.freeze();
    expect(await statusOf(service, secret, UNLISTED)).toBe(503);
    await waitFor('readiness to say so', async () => (await service.api('/readyz')).status === 503);
    line.thaw();
    await waitFor('the service to be back', async () => (await service.api('/v1/account')).status === 200);
    await service.stop();
    removeTempDir(dataDir);
  });

  it('keeps what it answered through the death of the process', async () => {
    const { line, url } = await world.throughProxy();
    const dataDir = makeTempDir('away');
    const token = 'database-away-token-0123';
    const env = {
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_DATABASE_URL: url,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: token,
      GATEHOUSE_CHECK_TIMEOUT: '1s',
    };
    const authorization = `Bearer ${token}`;
    const first = await startServiceProcess(env);
    const made = await httpCall(`${first.url}/v1/keys`, { body: { name: 'k' }, headers: { authorization } });
    const { secret } = made.json as { secret: string };
    line.freeze();
    await waitFor('the service to notice', async () => {
      const { json } = await httpCall(`${first.url}/readyz`);
      return (json as { status?: string }).status === 'degraded';
    });
    const ips = Array.from({ length: 30 }, (_, n) => `192.0.2.${n}`);
    const statuses = await Promise.all(
      ips.map(
        async (ip) =>
          (
            await httpCall(`${first.url}/v1/check`, {
              headers: { 'api-key': secret, 'x-forwarded-for': ip },
            })
          ).status,
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
    await first.kill();
    line.thaw();
    line.cutAll();
    const second = await startServiceProcess(env);
    await waitFor('all calls in the log', async () => {
      const { json } = await httpCall(`${second.url}/v1/attempts?limit=1000`, { headers: { authorization } });
      return (json as { items: Attempt[] }).items.length === ips.length;
    });
    expect(await second.stop()).toBe(0);
    removeTempDir(dataDir);
  });
});
