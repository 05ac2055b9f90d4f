import { expect, it } from 'vitest';
import { habitsOfCall, joinHabits } from '#service/enforcement/trust/habits';
import type { AttemptRow } from '#service/storage/repositories/attempts';
import type { RangeRow } from '#service/storage/repositories/ranges';
import type { ReviewRow } from '#service/storage/repositories/reviews';
import type { SightingRow } from '#service/storage/repositories/sightings';
import { ACCOUNT, ATTEMPT, KEY, RANGE, REVIEW, describeStorages } from '#test/support/service/storage-world';

describeStorages('rows', (world) => {
  it('gives back every value as it was put in, of its own type', async () => {
    const range: RangeRow = {
      ...RANGE,
      label: `quotes ' " and \\ % _, emoji 🦝, 日本語, ${'long '.repeat(2_000)}`,
      key_id: KEY.id,
      expires_at: 4_102_444_800_123,
      last_used_at: 0,
      uses: 9_007_199_254_740_991,
      changed_seq: 5_000_000_000,
    };
    const review: ReviewRow = { ...REVIEW, score: 0.1 + 0.2, asn: 4_294_967_295, count: 3_000_000_000 };
    const attempt: AttemptRow = { ...ATTEMPT, count: 3_000_000_000, asn: 4_294_967_295, country: 'DE' };
    await world.writer.write(async ({ tx }) => {
      await tx.ranges.insert(range);
      await tx.reviews.insertAll([review]);
      await tx.attempts.insertAll([attempt]);
    });
    expect(await world.rangesNow()).toEqual([range]);
    expect(await world.storage.read.reviews.allActive()).toEqual([review]);
    const floors = { attempts: 0, audit: 0 };
    const feed = await world.storage.read.feed.since(ACCOUNT.id, 4, floors, 100);
    expect(feed.find((row) => row.kind === 'attempt')?.row).toEqual({ ...attempt, key_name: KEY.name });
  });

  it('keeps the newest habits of a key', async () => {
    const orders = habitsOfCall({ method: 'GET', segment: 'orders' }, 1_700_000_000_000);
    const both = joinHabits(orders, habitsOfCall({ method: 'POST', segment: '' }, 1_700_000_100_000));
    await world.writer.write(({ tx }) => tx.habits.put(new Map([[KEY.id, orders]])));
    await world.writer.write(({ tx }) => tx.habits.put(new Map([[KEY.id, both]])));
    expect(await world.storage.read.habits.ofKeys([KEY.id, 'no key'])).toEqual(new Map([[KEY.id, both]]));
    expect(await world.storage.read.habits.ofKeys([])).toEqual(new Map());
  });

  it('knows the fingerprints of a key through ranges that authorize', async () => {
    const row = {
      key_id: KEY.id,
      fingerprint: 'ja4',
      range_id: RANGE.id,
      first_at: 1_700_000_000_000,
      last_at: 1_700_000_000_000,
    };
    await world.writer.write(async ({ tx }) => {
      await tx.ranges.insert({ ...RANGE, expires_at: 4_102_444_800_123 });
      await tx.fingerprints.add([row]);
    });
    const later = { ...row, last_at: 1_700_000_100_000 };
    const raised = await world.writer.write(({ tx }) =>
      tx.fingerprints.raise([later, { ...later, fingerprint: 'other' }]),
    );
    expect(raised).toEqual([{ key_id: KEY.id, fingerprint: 'ja4', range_id: RANGE.id }]);
    const { fingerprints } = world.storage.read;
    expect(await fingerprints.usesOf(KEY.id, 'ja4', 1_700_000_000_000)).toEqual({
      firstAt: row.first_at,
      lastAt: later.last_at,
    });
    expect(await fingerprints.usesOf(KEY.id, 'other', 1_700_000_000_000)).toBeUndefined();
    expect(await fingerprints.usesOf(KEY.id, 'ja4', 4_102_444_800_123)).toBeUndefined();
    expect(await fingerprints.count(KEY.id, RANGE.id, 5)).toBe(1);
    expect(await fingerprints.count(KEY.id, 'another range', 5)).toBe(0);
  });

  it('takes any number of rows at once, and counts for any number of them', async () => {
    const count = 3 * 64 + 2 * 16 + 3;
    const numbers = Array.from({ length: count }, (_, n) => n);
    const nameOf = (n: number): string => `row ${String(n).padStart(3, '0')}`;
    const addressOf = (n: number): string => `10.0.${n >> 8}.${n & 255}`;
    await world.writer.write(async ({ tx }) => {
      await tx.ranges.insertAll(
        numbers.map((n) => ({ ...RANGE, id: nameOf(n), cidr: `${addressOf(n)}/32`, uses: n })),
      );
      await tx.reviews.insertAll(
        numbers.map((n) => ({ ...REVIEW, id: nameOf(n), ip: addressOf(n), count: n })),
      );
      await tx.attempts.insertAll(
        numbers.map((n) => ({ ...ATTEMPT, id: nameOf(n), ip: addressOf(n), count: n })),
      );
      await tx.audit.insertAll([]);
    });
    const counted = numbers.slice(1).map((n) => ({
      accountId: ACCOUNT.id,
      id: nameOf(n),
      by: 1_000 * n,
      lastAt: 5_000_000_000_000 + n,
      seq: 10 + n,
    }));
    await world.writer.write(async ({ tx }) => {
      await tx.counts.ranges(counted);
      await tx.counts.reviews(counted);
      await tx.counts.attempts(counted);
    });
    const ranges = (await world.rangesNow()).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(ranges.map(({ uses }) => uses)).toEqual(numbers.map((n) => 1_001 * n));
    expect(ranges.map(({ last_used_at: at }) => at)).toEqual([null, ...counted.map(({ lastAt }) => lastAt)]);
    const { items } = await world.storage.read.reviews.page(ACCOUNT.id, { limit: 1_000 });
    expect(items.map((row) => row.count).reverse()).toEqual(numbers.map((n) => 1_001 * n));
    const feed = await world.storage.read.feed.since(ACCOUNT.id, 0, { attempts: 0, audit: 0 }, 1_000);
    const attempts = feed.filter(({ kind: is }) => is === 'attempt');
    expect(attempts.map(({ seq }) => seq)).toEqual([ATTEMPT.changed_seq, ...counted.map(({ seq }) => seq)]);
  });

  it('counts the uses of sightings that are there, and tells which these are', async () => {
    const sighting: SightingRow = {
      account_id: ACCOUNT.id,
      key_id: KEY.id,
      range_id: RANGE.id,
      prefix: '203.0.0.0/16',
      agent: '',
      country: null,
      region: 'DE-BE',
      asn: 64_496,
      as_name: null,
      first_at: 1_000,
      last_at: 1_000,
      uses: 1,
    };
    const other: SightingRow = { ...sighting, agent: 'curl', uses: 2 };
    await world.writer.write(async ({ tx }) => {
      await tx.ranges.insert(RANGE);
      await tx.sightings.add([sighting, other]);
      await tx.sightings.add([{ ...other, first_at: 2_000, last_at: 2_000, uses: 3 }]);
    });
    const later = { last_at: 5_000_000_000_000, uses: 10 };
    const known = await world.writer.write(({ tx }) =>
      tx.sightings.raise([
        { ...sighting, ...later, region: 'DE-HE' },
        { ...other, last_at: 2_000, uses: 0, region: null },
        { ...sighting, ...later, prefix: '203.1.0.0/16' },
      ]),
    );
    const { account_id, key_id, range_id, prefix, agent } = sighting;
    expect(known).toHaveLength(2);
    expect(known).toContainEqual({ account_id, key_id, range_id, prefix, agent });
    expect(await world.storage.read.sightings.countAgents(sighting)).toBe(2);
    expect(await world.storage.read.sightings.ofKey(ACCOUNT.id, KEY.id, 0, 10)).toEqual([
      { ...sighting, region: 'DE-HE', last_at: later.last_at, uses: 11 },
      { ...other, last_at: 2_000, uses: 5 },
    ]);
  });

  it('takes text that a database may not be able to keep', async () => {
    await world.writer.write(({ tx }) => tx.ranges.insert({ ...RANGE, label: 'a\0b \ud800 c' }));
    const [range] = await world.rangesNow();
    expect(range?.label).toMatch(/^a.b . c$/s);
    expect((await world.storage.read.ranges.page(ACCOUNT.id, { limit: 10, q: 'x\0y' })).items).toEqual([]);
  });

  it('orders text by its bytes, whatever the language of the database', async () => {
    const ids = ['a', 'B', '_', 'Z', 'é', '10', '9', 'a-b', 'ab', '-'];
    await world.writer.write(async ({ tx }) => {
      for (const [n, id] of ids.entries())
        await tx.ranges.insert({ ...RANGE, id, cidr: `203.0.113.${n}/32`, changed_seq: 10 + n });
    });
    const bytewise = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const paged: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await world.storage.read.ranges.page(ACCOUNT.id, { limit: 3, cursor });
      paged.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(bytewise);
  });

  it('finds addresses in a span of their sortable text', async () => {
    const sorts = ['4c0a80000', '4c0a80001', '4c0a800ff', '4c0a80100', '620010db8', '4C0A80001'];
    await world.writer.write(async ({ tx }) => {
      await tx.reviews.insertAll(
        sorts.map((ip_sort, n) => ({
          ...REVIEW,
          id: `review ${n}`,
          ip: `ip ${n}`,
          ip_sort,
          status: 'denied',
          changed_seq: 10 + n,
        })),
      );
    });
    const found = await world.storage.read.reviews.deniedWithin(ACCOUNT.id, {
      first: '4c0a80000',
      last: '4c0a800ff',
    });
    expect(found.map(({ ip_sort }) => ip_sort).sort()).toEqual(['4c0a80000', '4c0a80001', '4c0a800ff']);
  });

  it('finds text anywhere and takes its wildcards literally, without regard to case', async () => {
    const labels = ['100% Office', '100x office', 'a_b', 'aXb', 'back\\slash'];
    await world.writer.write(async ({ tx }) => {
      for (const [n, label] of labels.entries())
        await tx.ranges.insert({
          ...RANGE,
          id: `r${n}`,
          cidr: `203.0.113.${n}/32`,
          label,
          changed_seq: 10 + n,
        });
    });
    const find = async (q: string): Promise<string[]> =>
      (await world.storage.read.ranges.page(ACCOUNT.id, { limit: 10, q })).items.map(({ label }) => label);
    expect(await find('0% o')).toEqual(['100% Office']);
    expect(await find('A_B')).toEqual(['a_b']);
    expect(await find('K\\S')).toEqual(['back\\slash']);
    expect(await find('OFFICE')).toEqual(['100% Office', '100x office']);
  });

  it('has one active review for an address and key, and one range for a text, effect and key', async () => {
    await world.writer.write(async ({ tx }) => {
      await tx.ranges.insert(RANGE);
      await tx.reviews.insertAll([REVIEW]);
      await tx.reviews.insertAll([{ ...REVIEW, id: 'older', active: 0, status: 'superseded' }]);
    });
    const twice = world.writer.write(({ tx }) => tx.reviews.insertAll([{ ...REVIEW, id: 'another' }]));
    await expect(twice).rejects.toThrow(/unique|duplicate/i);
    // For all keys means one thing, though null is no value.
    const same = world.writer.write(({ tx }) => tx.ranges.insert({ ...RANGE, id: 'another' }));
    await expect(same).rejects.toThrow(/unique|duplicate/i);
  });
});
