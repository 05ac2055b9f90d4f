import { expect, it } from 'vitest';
import type { SourceRow } from '#service/storage/repositories/sources';
import { ACCOUNT, KEY, RANGE, describeStorages } from '#test/support/service/storage-world';

const NOW = 1_700_000_000_000;
const SOURCE: SourceRow = {
  id: 'source',
  account_id: ACCOUNT.id,
  kind: 'url',
  spec: '{"url":"https://lists.example/all"}',
  effect: 'authorize',
  key_id: KEY.id,
  label: 'List',
  interval_seconds: 3_600,
  range_expires_at: 4_102_444_800_123,
  allow_wide: 1,
  min_share_percent: 50,
  status: 'ok',
  last_tried_at: null,
  last_ok_at: null,
  last_error: null,
  last_error_code: null,
  range_count: 200_000,
  last_change: null,
  created_at: NOW,
  created_by: 'owner@example.com',
  version: 1,
  changed_seq: 10,
  next_at: NOW,
  lease: null,
  state: '{}',
  removing: 0,
};

describeStorages('sources', (world) => {
  const insert = (...rows: readonly SourceRow[]): Promise<void> =>
    world.writer.write(async ({ tx }) => {
      for (const row of rows) await tx.sources.insert(row);
    });
  const claim = (now: number, lease: string): Promise<SourceRow | undefined> =>
    world.writer.write(({ tx }) => tx.sources.claim(now, lease, 1_000));

  it('are given back as they were put in, also in the feed and to other processes', async () => {
    await insert(SOURCE);
    const { read } = world.storage;
    expect(await read.sources.get(ACCOUNT.id, SOURCE.id)).toEqual(SOURCE);
    expect(await read.sources.get('another account', SOURCE.id)).toBeUndefined();
    const feed = await read.feed.since(ACCOUNT.id, 9, { attempts: 0, audit: 0 }, 100);
    expect(feed).toEqual([{ kind: 'source', seq: 10, row: SOURCE }]);
    await world.writer.write(({ tx }) =>
      tx.feed.insertTombstones([
        { account_id: ACCOUNT.id, changed_seq: 11, kind: 'source', entity_id: 'gone' },
        { account_id: ACCOUNT.id, changed_seq: 12, kind: 'range', entity_id: 'range' },
      ]),
    );
    const changes = await world.storage.snapshot((tx) => tx.policyChanges.since(ACCOUNT.id, 9));
    expect(changes).toMatchObject({
      sources: [SOURCE],
      removedSourceIds: ['gone'],
      removedRangeIds: ['range'],
    });
  });

  it('are claimed once, the longest due first, and again when the claim is over', async () => {
    await insert(
      SOURCE,
      { ...SOURCE, id: 'earlier', next_at: NOW - 5 },
      { ...SOURCE, id: 'never', next_at: null },
    );
    expect(await claim(NOW - 6, 'a')).toBeUndefined();
    expect(await claim(NOW, 'a')).toMatchObject({ id: 'earlier', lease: 'a', next_at: NOW + 1_000 });
    expect(await claim(NOW, 'b')).toMatchObject({ id: 'source', lease: 'b' });
    expect(await claim(NOW, 'c')).toBeUndefined();
    expect(await world.storage.read.sources.nextDueAt()).toBe(NOW + 1_000);
    const renewed = await world.writer.write(({ tx }) => tx.sources.renew('earlier', 'a', NOW + 3_000));
    expect(renewed).toBe(true);
    expect(await claim(NOW + 1_000, 'c')).toMatchObject({ id: 'source', lease: 'c' });
    expect(await world.writer.write(({ tx }) => tx.sources.renew('source', 'b', NOW + 9_000))).toBe(false);
    await world.writer.write(({ tx }) => tx.sources.endLeases(NOW));
    expect(await world.storage.read.sources.nextDueAt()).toBe(NOW);
  });

  it('keep ranges beside those of people and of each other, page by page', async () => {
    const kept = (id: string, source_id: string | null) => ({ ...RANGE, id, source_id });
    await world.writer.write(({ tx }) =>
      tx.ranges.insertAll([kept('1', null), kept('2', 'source'), kept('3', 'other')]),
    );
    const { read } = world.storage;
    expect(await read.ranges.same(ACCOUNT.id, RANGE.cidr, 'authorize', null)).toMatchObject({ id: '1' });
    expect((await read.sources.ranges('source', '', 10)).map(({ id }) => id)).toEqual(['2']);
    await expect(
      world.writer.write(({ tx }) => tx.ranges.insertAll([kept('4', 'source')])),
    ).rejects.toThrow();
  });

  it('change and remove any number of their ranges at once', async () => {
    const rows = Array.from({ length: 250 }, (_, n) => ({
      ...RANGE,
      id: `range ${n}`,
      cidr: `10.0.${n}.0/24`,
      source_id: 'source',
      uses: n,
    }));
    const changed = rows.map((row, n) => ({
      ...row,
      effect: 'deny' as const,
      label: `label ${n}`,
      key_id: n % 2 === 0 ? KEY.id : null,
      expires_at: n % 3 === 0 ? null : NOW,
      version: 2,
      changed_seq: 1_000 + n,
    }));
    await world.writer.write(async ({ tx }) => {
      await tx.ranges.insertAll(rows);
      await tx.ranges.updateAll(changed);
    });
    const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
    expect([...(await world.rangesNow())].sort(byId)).toEqual([...changed].sort(byId));
    await world.writer.write(({ tx }) =>
      tx.ranges.deleteAll(
        rows[0]?.account_id ?? '',
        rows.slice(1).map(({ id }) => id),
      ),
    );
    expect((await world.rangesNow()).map(({ id }) => id)).toEqual(['range 0']);
  });
});
