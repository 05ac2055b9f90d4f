import { afterEach, describe, expect, it } from 'vitest';
import type { Attempt } from '#shared/domain/entities';
import { runAsOtherProgram, writeAsOtherProgram } from '#test/support/service/other-program';
import { reviewsOf } from '#test/support/service/postgres-world';
import { mayMount, mountSmallDisk, type SmallDisk } from '#test/support/small-disk';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const DENIED = '198.51.100.7';
const UNLISTED = '198.51.100.8';
const listed = (n: number): string => `203.0.113.${n}`;

describe('while a database of its own cannot be written', () => {
  let service: TestService;
  let secret = '';
  let dataDir = '';
  let disk: SmallDisk | undefined;

  const begin = async (env: Record<string, string> = {}, size?: string): Promise<void> => {
    disk = size === undefined ? undefined : mountSmallDisk(size);
    dataDir = disk?.folder ?? makeTempDir('own-away');
    service = await startTestService({ dataDir, env: { GATEHOUSE_STALE_POLICY: '15m', ...env } });
    ({ secret } = await service.createKey());
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
    await service.api('/v1/ranges', { body: { cidr: DENIED, effect: 'deny' } });
  };
  afterEach(async () => {
    await service.stop().catch(() => undefined);
    disk?.remove();
    removeTempDir(dataDir);
  });
  const reasonOf = async (ip: string): Promise<string> => {
    const { status, headers } = await service.check(secret, ip);
    return `${status} ${String(headers['x-gatehouse-reason'])}`;
  };
  const readyWith = (status: string) =>
    waitFor(`/readyz that says ${status}`, async () => {
      const { json } = await service.api('/readyz');
      return (json as { status?: string }).status === status && json;
    });
  const rows = async (): Promise<Attempt[]> =>
    ((await service.api('/v1/attempts?limit=1000')).json as { items: Attempt[] }).items;

  it.skipIf(!mayMount)(
    'because the disk is full: goes on by its policy, says so, and writes everything once there is room',
    async () => {
      await begin({}, '16m');
      disk?.fill();
      const answered: string[] = [];
      const degraded = await waitFor('the service to notice', async () => {
        const ip = listed(answered.length % 256);
        expect(await reasonOf(ip)).toBe('200 authorized');
        answered.push(ip);
        const { json } = await service.api('/readyz');
        return (json as { status?: string }).status === 'degraded' && json;
      });
      expect(degraded).toMatchObject({
        why: expect.stringMatching(/its disk is full.*decided by the policy of/) as string,
        policyAgeSeconds: expect.any(Number) as number,
      });
      expect(await reasonOf(DENIED)).toBe('401 denied');
      expect(await reasonOf(UNLISTED)).toBe('401 unknown');
      const others = Array.from({ length: 200 }, (_, n) => `192.0.2.${n}`);
      for (const ip of others) expect(await reasonOf(ip)).toBe('401 unknown');
      expect((await service.api('/v1/ranges', { body: { cidr: UNLISTED } })).status).toBe(503);

      disk?.free();
      await readyWith('ready');
      const expected = [...new Set([...answered, DENIED, UNLISTED, ...others])].sort();
      await waitFor('everything to be written', async () => (await rows()).length >= expected.length);
      expect([...new Set((await rows()).map(({ ip }) => ip))].sort()).toEqual(expected);
      const reviews = await reviewsOf(service);
      expect(reviews.map(({ ip }) => ip).sort()).toEqual([UNLISTED, ...others].sort());
    },
  );

  it('because another program holds it: goes on, and takes it back', async () => {
    await begin();
    const release = await runAsOtherProgram(service, 'BEGIN IMMEDIATE');
    await readyWith('degraded');
    expect(await reasonOf(listed(1))).toBe('200 authorized');
    expect(await reasonOf(UNLISTED)).toBe('401 unknown');
    await release();
    await readyWith('ready');
    await waitFor('both rows', async () => (await rows()).length === 2);
  });

  it('but by another program, decides nothing by a policy that is no longer its own', async () => {
    await begin();
    await writeAsOtherProgram(service, "UPDATE ranges SET effect = 'deny'");
    await waitFor('the service to notice', async () => (await service.api('/readyz')).status === 503);
    expect((await service.check(secret, listed(1))).status).toBe(503);
  });

  it('for too long, stops deciding', async () => {
    await begin({ GATEHOUSE_STALE_POLICY: '2s' });
    const release = await runAsOtherProgram(service, 'BEGIN IMMEDIATE');
    await readyWith('degraded');
    await waitFor('the end of its time', async () => (await service.api('/readyz')).status === 503);
    expect((await service.check(secret, listed(1))).status).toBe(503);
    await release();
    await readyWith('ready');
  });
});
