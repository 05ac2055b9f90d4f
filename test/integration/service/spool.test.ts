import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, type SpooledCall } from '#service/log/record/spool-entry';
import { Spool, SpoolFullError } from '#service/storage/spool';
import { mayMount, mountSmallDisk } from '#test/support/small-disk';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const callFrom = (ip: string, verdict: 'allowed' | 'blocked' = 'blocked'): SpooledCall => ({
  kind: 'call',
  id: ip,
  accountId: 'account',
  keyId: 'key',
  ip,
  verdict,
  reason: verdict === 'allowed' ? 'authorized' : 'unknown',
  wouldBe: null,
  rangeId: null,
  method: 'GET',
  path: '/',
  userAgent: null,
  fingerprint: null,
  at: 1_700_000_000_000,
});

describe('the spool', () => {
  let dir: string;
  let open: Spool[] = [];
  beforeEach(() => {
    dir = makeTempDir('spool');
  });
  afterEach(async () => {
    await Promise.all(open.map((spool) => spool.close()));
    open = [];
    removeTempDir(dir);
  });
  const opened = async (maxEntries?: number): Promise<Spool> => {
    const spool = await Spool.open(dir, maxEntries);
    open.push(spool);
    return spool;
  };
  const close = async (spool: Spool): Promise<void> => {
    open = open.filter((other) => other !== spool);
    await spool.close();
  };
  const addressesIn = async (spool: Spool): Promise<string[]> =>
    (await spool.oldest(100)).map(({ text }) => entryOf(text).id);

  it('keeps what was appended, in order, also for the next process on the folder', async () => {
    const spool = await opened();
    await Promise.all(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((ip) => spool.append([callFrom(ip)])));
    const { id } = spool;
    await close(spool);
    const next = await opened();
    expect(next.id).toBe(id);
    expect(next.length).toBe(3);
    expect(await addressesIn(next)).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
    const [first] = await next.oldest(1);
    expect(entryOf(first?.text ?? '')).toEqual(callFrom('192.0.2.1'));
  });

  it.skipIf(!mayMount)('opens on a disk that is nearly full, with what waits in it', async () => {
    const disk = mountSmallDisk('16m');
    try {
      const spool = await Spool.open(disk.folder);
      await spool.append([callFrom('192.0.2.1')]);
      await spool.close();
      disk.fill(1024 ** 2);
      const next = await Spool.open(disk.folder);
      expect(await addressesIn(next)).toEqual(['192.0.2.1']);
      await next.close();
    } finally {
      disk.remove();
    }
  });

  it('gives numbers that are never used again', async () => {
    const spool = await opened();
    await spool.append([callFrom('192.0.2.1'), callFrom('192.0.2.2')]);
    const last = (await spool.oldest(2)).at(-1)?.number ?? 0;
    await spool.remove(last);
    expect(spool.length).toBe(0);
    await close(spool);
    const next = await opened();
    await next.append([callFrom('192.0.2.3')]);
    expect((await next.oldest(1))[0]?.number).toBeGreaterThan(last);
  });

  it('belongs to one process; another one on the same folder has its own', async () => {
    const [a, b] = [await opened(), await opened()];
    expect(b.id).not.toBe(a.id);
    await a.append([callFrom('192.0.2.1')]);
    expect(b.length).toBe(0);
    expect(await b.oldest(1)).toEqual([]);
  });

  it('lets the oldest allowed calls go when it is full, then takes no more', async () => {
    const spool = await opened(4);
    await spool.append([
      callFrom('192.0.2.1', 'allowed'),
      callFrom('192.0.2.2'),
      callFrom('192.0.2.3', 'allowed'),
      callFrom('192.0.2.4'),
    ]);
    await spool.append([callFrom('192.0.2.5')]);
    expect(await addressesIn(spool)).toEqual(['192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5']);
    await spool.append([callFrom('192.0.2.6', 'allowed')]);
    await spool.append([callFrom('192.0.2.7')]);
    await expect(spool.append([callFrom('192.0.2.8')])).rejects.toThrow(SpoolFullError);
    expect(spool.isFailing).toBe(true);
    expect(await addressesIn(spool)).toEqual(['192.0.2.2', '192.0.2.4', '192.0.2.5', '192.0.2.7']);
    expect(spool.length).toBe(4);
    const [oldest] = await spool.oldest(1);
    await spool.remove(oldest?.number ?? 0);
    await spool.append([callFrom('192.0.2.9')]);
    expect(spool.isFailing).toBe(false);
  });
});
