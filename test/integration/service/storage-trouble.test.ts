import { closeSync, existsSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Attempt, Range } from '#shared/domain/entities';
import { idAt, insertLogRows } from '#test/support/service/log-rows';
import { problem } from '#test/support/service/problem-answer';
import { mayMount, mountSmallDisk, type SmallDisk } from '#test/support/small-disk';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

describe('a database in trouble', () => {
  let service: TestService;
  let secret = '';
  let dataDir = '';
  let disk: SmallDisk | undefined;

  const begin = async (size?: string, env: Record<string, string> = {}): Promise<void> => {
    disk = size === undefined ? undefined : mountSmallDisk(size);
    dataDir = disk?.folder ?? makeTempDir('trouble');
    service = await startTestService({ dataDir, env });
    ({ secret } = await service.createKey());
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
  };
  afterEach(async () => {
    await service.stop().catch(() => undefined);
    disk?.remove();
    removeTempDir(dataDir);
  });

  const ready = () => service.api('/readyz');
  /** What is told is at most a second old. */
  const readyWith = (status: number) =>
    waitFor(`/readyz with ${status}`, async () => {
      const answer = await ready();
      return answer.status === status && answer;
    });
  const attempts = async (): Promise<string[]> => {
    const answer = await service.api('/v1/attempts?limit=1000');
    return (answer.json as { items: Attempt[] }).items.map(({ ip }) => ip);
  };

  describe.skipIf(!mayMount)('with a full disk', () => {
    it('lets nobody in whom it cannot log, says so, loses nothing, and goes on when there is room', async () => {
      await begin('6m');
      expect((await ready()).status).toBe(200);
      const answered: string[] = [];
      for (let n = 1; n <= 20; n += 1) {
        expect((await service.check(secret, `203.0.113.${n}`)).status).toBe(200);
        answered.push(`203.0.113.${n}`);
      }
      disk?.fill();
      // What is left of the last page may take some more.
      const refused = await waitFor('a call that cannot be logged', async () => {
        const ip = `203.0.113.${answered.length + 1}`;
        const answer = await service.check(secret, ip);
        if (answer.status === 200) answered.push(ip);
        return answer.status !== 200 && answer;
      });
      expect(refused.status).toBe(503);
      expect(refused.headers).toMatchObject({
        'x-gatehouse-verdict': 'blocked',
        'x-gatehouse-reason': 'unavailable',
      });
      expect(problem(await readyWith(503))).toMatchObject({
        code: 'unavailable',
        detail: 'The service’s database is not available: its disk is full.',
      });
      const edit = await service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24' } });
      expect(problem(edit)).toMatchObject({ code: 'unavailable' });
      // Reading goes on.
      expect((await service.api('/healthz')).status).toBe(200);
      expect(await attempts()).toEqual(expect.arrayContaining(answered));

      disk?.free();
      await readyWith(200);
      expect((await service.check(secret, '203.0.113.200')).status).toBe(200);
      expect((await service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24' } })).status).toBe(201);
      await service.restart();
      expect(await attempts()).toEqual(expect.arrayContaining([...answered, '203.0.113.200']));
      const ranges = (await service.api('/v1/ranges')).json as { items: Range[] };
      expect(ranges.items.map(({ cidr }) => cidr)).toEqual(['203.0.113.0/24', '198.51.100.0/24']);
    });

    it('keeps out what memory knows to be blocked where the setting lets others in', async () => {
      await begin('6m', { GATEHOUSE_ON_ERROR: 'allow' });
      await service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24', effect: 'deny' } });
      disk?.fill();
      const reasonOf = async (key: string | undefined, ip: string): Promise<unknown> =>
        (await service.check(key, ip)).headers['x-gatehouse-reason'];
      let last = 0;
      await waitFor('a call that cannot be logged', async () => {
        last += 1;
        return (await reasonOf(secret, `203.0.113.${last}`)) === 'unavailable';
      });
      expect(await reasonOf(secret, '198.51.100.7')).toBe('denied');
      expect(await reasonOf(secret, '192.0.2.1')).toBe('unknown');
      expect(await reasonOf('gk_nonsense', '203.0.113.200')).toBe('invalid_key');
      expect(await reasonOf(undefined, '203.0.113.200')).toBe('missing_key');
    });
  });

  it('with a damaged file says so and lets nobody in, and does not start on it either', async () => {
    await begin();
    for (let n = 1; n <= 200; n += 1) await service.check(secret, `203.0.113.${n}`);
    await service.stop();
    const file = join(dataDir, 'gatehouse.sqlite');
    const { size } = statSync(file);
    const damage = openSync(file, 'r+');
    for (let at = 4096; at < size; at += 4096) writeSync(damage, Buffer.alloc(4096, 0x5a), 0, 4096, at);
    closeSync(damage);
    await expect(startTestService({ dataDir })).rejects.toThrow(/is damaged\. Nothing was changed in it/);
    expect(existsSync(file)).toBe(true);
    // Nothing was changed in it, nor put in its place.
    expect(statSync(file).size).toBe(size);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('gatehouse.sqlite'))).toEqual([
      'gatehouse.sqlite',
    ]);
  });

  it('with a file that is damaged while it runs lets nobody in whom it cannot log', async () => {
    await begin();
    const { key } = await service.createKey('Busy');
    await service.stop();
    // So much that not all of it is in the memory of SQLite.
    const at = Date.now();
    const rows = Array.from({ length: 40_000 }, (_, n) => ({
      id: idAt(at, n),
      ip: `10.${(n * 7) & 255}.${(n * 13) & 255}.${n & 255}`,
      keyId: key.id,
      reason: 'unknown' as const,
      firstAt: at,
    }));
    insertLogRows(dataDir, rows);
    service = await startTestService({ dataDir });
    const file = join(dataDir, 'gatehouse.sqlite');
    const { size } = statSync(file);
    const damage = openSync(file, 'r+');
    writeSync(damage, Buffer.alloc(size - 4096, 0x5a), 0, size - 4096, 4096);
    closeSync(damage);
    const refused = await waitFor('a call that cannot be logged', async () => {
      const [a, b, c] = [0, 0, 0].map(() => Math.floor(Math.random() * 256));
      const answer = await service.check(secret, `10.${a}.${b}.${c}`);
      return answer.status === 503 && answer;
    });
    expect(refused.headers['x-gatehouse-verdict']).toBe('blocked');
    for (let look = 0; look < 2; look += 1) {
      expect(problem(await ready()).detail).toBe(
        'The service’s database is not available: its file is damaged; restore a copy.',
      );
    }
    expect((await service.check(secret, '10.1.2.3')).status).not.toBe(200);
  });

  it('that another program holds is not opened', async () => {
    await begin();
    await expect(startTestService({ dataDir })).rejects.toThrow(/in use by another enforcement service/);
    expect((await ready()).status).toBe(200);
  });
});
