import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#service/clock';
import { FeedHub } from '#service/feed/hub';
import { createIdFactory } from '#service/ids';
import { NewerDatabaseError } from '#service/storage/migrations/index';
import { openPostgresStorage } from '#service/storage/postgres';
import type { AccountRow } from '#service/storage/repositories/accounts';
import type { AttemptRow } from '#service/storage/repositories/attempts';
import type { KeyRow } from '#service/storage/repositories/keys';
import type { RangeRow } from '#service/storage/repositories/ranges';
import type { ReviewRow } from '#service/storage/repositories/reviews';
import type { SightingRow } from '#service/storage/repositories/sightings';
import { DATABASE_FILE, openSqliteStorage } from '#service/storage/sqlite';
import type { Storage } from '#service/storage/storage';
import { createWriter, type Writer } from '#service/storage/writer';
import Database from 'libsql';
import { join } from 'node:path';
import { hasPostgres, startPostgres, type TestPostgres } from '#test/support/service/postgres';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

/** One kind of database, as these tests make and disturb it. */
interface Kind {
  readonly name: 'SQLite' | 'PostgreSQL';
  setUp(): Promise<void>;
  tearDown(): Promise<void>;
  /** Makes an empty database; `open` then opens it, also again. */
  make(): Promise<void>;
  open(): Promise<Storage>;
  setSchemaVersion(version: string): Promise<void>;
}

const sqlite = (): Kind => {
  let dataDir = '';
  return {
    name: 'SQLite',
    setUp: () => Promise.resolve(),
    tearDown: () => {
      removeTempDir(dataDir);
      return Promise.resolve();
    },
    make: () => {
      if (dataDir !== '') removeTempDir(dataDir);
      dataDir = makeTempDir('storage');
      return Promise.resolve();
    },
    open: () => openSqliteStorage(dataDir),
    setSchemaVersion: (version) => {
      const database = new Database(join(dataDir, DATABASE_FILE));
      database.prepare("UPDATE meta SET value = ? WHERE name = 'schema_version'").run(version);
      database.close();
      return Promise.resolve();
    },
  };
};

const postgres = (): Kind => {
  let server: TestPostgres;
  let url = '';
  return {
    name: 'PostgreSQL',
    setUp: async () => {
      server = await startPostgres();
    },
    tearDown: () => server.remove(),
    make: async () => {
      url = await server.createDatabase();
    },
    open: () => openPostgresStorage(url),
    setSchemaVersion: async (version) => {
      await server.query(url, `UPDATE meta SET value = '${version}' WHERE name = 'schema_version'`);
    },
  };
};

const ACCOUNT: AccountRow = {
  id: 'account',
  name: 'owner@example.com',
  mode: 'manual',
  revision: 0,
  seq: 1,
  changed_seq: 1,
  ipv4_grant_prefix: 24,
  ipv6_grant_prefix: 64,
  created_at: 1_700_000_000_000,
  learning_started_at: null,
  learning_last_new_at: null,
};
const KEY: KeyRow = {
  id: 'key',
  account_id: ACCOUNT.id,
  name: 'Key',
  prefix: 'gh_abc',
  status: 'active',
  created_at: 1_700_000_000_000,
  last_used_at: null,
  rotated_at: null,
  changed_seq: 2,
};
const RANGE: RangeRow = {
  id: 'range',
  account_id: ACCOUNT.id,
  cidr: '203.0.113.0/24',
  effect: 'authorize',
  label: '',
  source: 'manual',
  key_id: null,
  created_at: 1_700_000_000_000,
  created_by: 'owner@example.com',
  expires_at: null,
  version: 1,
  last_used_at: null,
  uses: 0,
  changed_seq: 3,
};
const REVIEW: ReviewRow = {
  id: 'review',
  account_id: ACCOUNT.id,
  ip: '203.0.113.9',
  ip_sort: '4cb007109',
  key_id: KEY.id,
  status: 'pending',
  reason: 'untrusted',
  first_at: 1_700_000_000_000,
  last_at: 1_700_000_000_000,
  count: 1,
  score: null,
  evidence: '[]',
  suggested_cidr: '203.0.113.0/24',
  country: null,
  asn: null,
  as_name: null,
  decided_by: null,
  decided_at: null,
  range_id: null,
  made_range: 0,
  settled_by: null,
  standing: 1,
  version: 1,
  changed_seq: 4,
};
const ATTEMPT: AttemptRow = {
  id: 'attempt',
  account_id: ACCOUNT.id,
  changed_seq: 5,
  ip: '203.0.113.9',
  ip_sort: '4cb007109',
  key_id: KEY.id,
  verdict: 'blocked',
  reason: 'unknown',
  range_id: null,
  review_id: null,
  first_at: 1_700_000_000_000,
  last_at: 1_700_000_000_000,
  count: 1,
  method: 'GET',
  path: '/',
  user_agent: null,
  country: null,
  asn: null,
  as_name: null,
};

describe.each([sqlite(), postgres()])('storage in $name', (kind) => {
  const skipped = kind.name === 'PostgreSQL' && !hasPostgres();
  let storage: Storage;
  let writer: Writer;
  let hub: FeedHub;

  beforeAll(async () => {
    if (!skipped) await kind.setUp();
  });
  afterAll(async () => {
    if (!skipped) await kind.tearDown();
  });
  const use = (opened: Storage): void => {
    storage = opened;
    hub = new FeedHub();
    writer = createWriter(storage, hub, systemClock, createIdFactory(systemClock));
  };
  beforeEach(async ({ skip }) => {
    skip(skipped, 'PostgreSQL is not installed');
    await kind.make();
    use(await kind.open());
    await writer.write(async ({ tx }) => {
      await tx.accounts.insert(ACCOUNT);
      await tx.keys.insert(KEY);
    });
  });
  afterEach(() => storage.close());

  const rangesNow = async (): Promise<RangeRow[]> => storage.read.ranges.all();

  it('keeps nothing of a write that fails: not on disk, not in memory, not in the feed', async () => {
    const version = hub.version(ACCOUNT.id);
    let reachedMemory = false;
    const failing = writer.write(async ({ tx, nextSeq, afterCommit }) => {
      await nextSeq(ACCOUNT.id);
      await nextSeq(ACCOUNT.id);
      await tx.accounts.setMode(ACCOUNT.id, 'deactivated');
      afterCommit(() => {
        reachedMemory = true;
      });
      throw new Error('disk on fire');
    });
    await expect(failing).rejects.toThrow('disk on fire');
    expect(await storage.read.accounts.get(ACCOUNT.id)).toEqual(ACCOUNT);
    expect([reachedMemory, hub.version(ACCOUNT.id)]).toEqual([false, version]);
  });

  it('gives each change of a write its own place in the feed, and the next write the places after them', async () => {
    const places = await writer.write(async ({ nextSeq }) => [
      await nextSeq(ACCOUNT.id),
      ...(await Promise.all([nextSeq(ACCOUNT.id), nextSeq(ACCOUNT.id)])),
    ]);
    expect(places).toEqual([2, 3, 4]);
    expect(await writer.write(({ nextSeq }) => nextSeq(ACCOUNT.id))).toBe(5);
    expect((await storage.read.accounts.get(ACCOUNT.id)).seq).toBe(5);
  });

  it('runs one write at a time, in the order they were handed in', async () => {
    const order: string[] = [];
    const write = (name: string) =>
      writer.write(async ({ tx }) => {
        order.push(`${name} begins`);
        await tx.accounts.get(ACCOUNT.id);
        order.push(`${name} ends`);
      });
    await Promise.all([write('a'), write('b'), write('c')]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('shows a snapshot one moment, whatever is written meanwhile', async () => {
    let writing: Promise<void> | undefined;
    const seen = await storage.snapshot(async (tx) => {
      const before = (await tx.ranges.all()).length;
      writing = writer.write(({ tx: write }) => write.ranges.insert(RANGE));
      // Where writes need not wait for reads, it is on disk now; the snapshot must not show it.
      await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 200))]);
      return [
        before,
        (await tx.ranges.all()).length,
        (await tx.policyChanges.since(ACCOUNT.id, 0)).ranges.length,
      ];
    });
    await writing;
    expect(seen).toEqual([0, 0, 0]);
    expect(await rangesNow()).toHaveLength(1);
  });

  it('takes reads at once within a write, and sees there what the write has done', async () => {
    const found = await writer.write(async ({ tx }) => {
      await tx.ranges.insert(RANGE);
      return Promise.all([
        tx.ranges.get(ACCOUNT.id, RANGE.id),
        tx.keys.get(ACCOUNT.id, KEY.id),
        tx.accounts.get(ACCOUNT.id),
      ]);
    });
    expect(found).toEqual([RANGE, KEY, ACCOUNT]);
  });

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
    await writer.write(async ({ tx }) => {
      await tx.ranges.insert(range);
      await tx.reviews.insert(review);
      await tx.attempts.insert(attempt);
    });
    expect(await rangesNow()).toEqual([range]);
    expect(await storage.read.reviews.allStanding()).toEqual([review]);
    const floors = { attempts: 0, audit: 0 };
    const feed = await storage.read.feed.since(ACCOUNT.id, 4, floors, 100);
    expect(feed.find((row) => row.kind === 'attempt')?.row).toEqual({ ...attempt, key_name: KEY.name });
  });

  it('takes any number of rows at once, and counts for any number of them', async () => {
    const count = 3 * 64 + 2 * 16 + 3;
    const numbers = Array.from({ length: count }, (_, n) => n);
    const nameOf = (n: number): string => `row ${String(n).padStart(3, '0')}`;
    const addressOf = (n: number): string => `10.0.${n >> 8}.${n & 255}`;
    await writer.write(async ({ tx }) => {
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
    await writer.write(async ({ tx }) => {
      await tx.counts.ranges(counted);
      await tx.counts.reviews(counted);
      await tx.counts.attempts(counted);
    });
    const ranges = (await rangesNow()).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(ranges.map(({ uses }) => uses)).toEqual(numbers.map((n) => 1_001 * n));
    expect(ranges.map(({ last_used_at: at }) => at)).toEqual([null, ...counted.map(({ lastAt }) => lastAt)]);
    const { items } = await storage.read.reviews.page(ACCOUNT.id, { limit: 1_000 });
    expect(items.map((row) => row.count).reverse()).toEqual(numbers.map((n) => 1_001 * n));
    const feed = await storage.read.feed.since(ACCOUNT.id, 0, { attempts: 0, audit: 0 }, 1_000);
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
      asn: 64_496,
      as_name: null,
      first_at: 1_000,
      last_at: 1_000,
      uses: 1,
    };
    const other: SightingRow = { ...sighting, agent: 'curl', uses: 2 };
    await writer.write(async ({ tx }) => {
      await tx.ranges.insert(RANGE);
      await tx.sightings.add([sighting, other]);
      await tx.sightings.add([{ ...other, first_at: 2_000, last_at: 2_000, uses: 3 }]);
    });
    const later = { last_at: 5_000_000_000_000, uses: 10 };
    const known = await writer.write(({ tx }) =>
      tx.sightings.raise([
        { ...sighting, ...later },
        { ...sighting, ...later, prefix: '203.1.0.0/16' },
      ]),
    );
    const { account_id, key_id, range_id, prefix, agent } = sighting;
    expect(known).toEqual([{ account_id, key_id, range_id, prefix, agent }]);
    expect(await storage.read.sightings.countAgents(sighting)).toBe(2);
    expect(await storage.read.sightings.ofKey(ACCOUNT.id, KEY.id, 0, 10)).toEqual([
      { ...sighting, last_at: later.last_at, uses: 11 },
      { ...other, last_at: 2_000, uses: 5 },
    ]);
  });

  it('lets everybody else have a turn between many writes that were asked for at once', async () => {
    let turns = 0;
    let writing = true;
    const takeTurns = (): void => {
      turns += 1;
      if (writing) setImmediate(takeTurns);
    };
    setImmediate(takeTurns);
    const numbers = Array.from({ length: 300 }, (_, n) => n);
    await Promise.all(
      numbers.map((n) =>
        writer.write(({ tx }) =>
          tx.ranges.insert({ ...RANGE, id: `range ${n}`, cidr: `10.1.${n >> 8}.${n & 255}/32` }),
        ),
      ),
    );
    writing = false;
    expect(await rangesNow()).toHaveLength(numbers.length);
    expect(turns).toBeGreaterThan(20);
  });

  it('takes text that a database may not be able to keep', async () => {
    await writer.write(({ tx }) => tx.ranges.insert({ ...RANGE, label: 'a\0b \ud800 c' }));
    const [range] = await rangesNow();
    expect(range?.label).toMatch(/^a.b . c$/s);
    expect((await storage.read.ranges.page(ACCOUNT.id, { limit: 10, q: 'x\0y' })).items).toEqual([]);
  });

  it('orders text by its bytes, whatever the language of the database', async () => {
    const ids = ['a', 'B', '_', 'Z', 'é', '10', '9', 'a-b', 'ab', '-'];
    await writer.write(async ({ tx }) => {
      for (const [n, id] of ids.entries())
        await tx.ranges.insert({ ...RANGE, id, cidr: `203.0.113.${n}/32`, changed_seq: 10 + n });
    });
    const bytewise = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const paged: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await storage.read.ranges.page(ACCOUNT.id, { limit: 3, cursor });
      paged.push(...page.items.map(({ id }) => id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(bytewise);
  });

  it('finds addresses in a span of their sortable text', async () => {
    const sorts = ['4c0a80000', '4c0a80001', '4c0a800ff', '4c0a80100', '620010db8', '4C0A80001'];
    await writer.write(async ({ tx }) => {
      for (const [n, ip_sort] of sorts.entries())
        await tx.reviews.insert({
          ...REVIEW,
          id: `review ${n}`,
          ip: `ip ${n}`,
          ip_sort,
          status: 'denied',
          changed_seq: 10 + n,
        });
    });
    const found = await storage.read.reviews.deniedWithin(ACCOUNT.id, {
      first: '4c0a80000',
      last: '4c0a800ff',
    });
    expect(found.map(({ ip_sort }) => ip_sort).sort()).toEqual(['4c0a80000', '4c0a80001', '4c0a800ff']);
  });

  it('finds text anywhere and takes its wildcards literally, without regard to case', async () => {
    const labels = ['100% Office', '100x office', 'a_b', 'aXb', 'back\\slash'];
    await writer.write(async ({ tx }) => {
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
      (await storage.read.ranges.page(ACCOUNT.id, { limit: 10, q })).items.map(({ label }) => label);
    expect(await find('0% o')).toEqual(['100% Office']);
    expect(await find('A_B')).toEqual(['a_b']);
    expect(await find('K\\S')).toEqual(['back\\slash']);
    expect(await find('OFFICE')).toEqual(['100% Office', '100x office']);
  });

  it('has one standing question for an address and key, and one range for a text, effect and key', async () => {
    await writer.write(async ({ tx }) => {
      await tx.ranges.insert(RANGE);
      await tx.reviews.insert(REVIEW);
      await tx.reviews.insert({ ...REVIEW, id: 'older', standing: 0, status: 'superseded' });
    });
    const twice = writer.write(({ tx }) => tx.reviews.insert({ ...REVIEW, id: 'another' }));
    await expect(twice).rejects.toThrow(/unique|duplicate/i);
    // For all keys means one thing, though null is no value.
    const same = writer.write(({ tx }) => tx.ranges.insert({ ...RANGE, id: 'another' }));
    await expect(same).rejects.toThrow(/unique|duplicate/i);
  });

  it('tells what changed of a policy since a place in the feed, and no more', async () => {
    await writer.write(async ({ tx, nextSeq }) => {
      await tx.ranges.insert({ ...RANGE, changed_seq: await nextSeq(ACCOUNT.id) });
    });
    const { seq } = await storage.read.accounts.get(ACCOUNT.id);
    await writer.write(async ({ tx, nextSeq }) => {
      await tx.reviews.insert({ ...REVIEW, changed_seq: await nextSeq(ACCOUNT.id) });
      await tx.ranges.delete(ACCOUNT.id, RANGE.id);
      await tx.feed.insertTombstone({
        account_id: ACCOUNT.id,
        changed_seq: await nextSeq(ACCOUNT.id),
        kind: 'range',
        entity_id: RANGE.id,
      });
    });
    const changes = await storage.snapshot((tx) => tx.policyChanges.since(ACCOUNT.id, seq));
    expect(changes).toMatchObject({ removedRangeIds: [RANGE.id], ranges: [], keys: [], secrets: [] });
    expect(changes.reviews.map(({ id }) => id)).toEqual([REVIEW.id]);
    expect(await storage.read.policyChanges.heads()).toEqual([{ accountId: ACCOUNT.id, seq: seq + 2 }]);
  });

  it('keeps its data and its epoch when it is opened again, and has another epoch elsewhere', async () => {
    const { epoch } = storage;
    await writer.write(({ tx }) => tx.ranges.insert(RANGE));
    await storage.close();
    use(await kind.open());
    expect(storage.epoch).toBe(epoch);
    expect(await rangesNow()).toEqual([RANGE]);
    await storage.close();
    await kind.make();
    use(await kind.open());
    expect(storage.epoch).not.toBe(epoch);
    expect(await rangesNow()).toEqual([]);
  });

  it('of a newer version is left alone', async () => {
    await storage.close();
    await kind.setSchemaVersion('99');
    await expect(kind.open()).rejects.toBeInstanceOf(NewerDatabaseError);
    await kind.setSchemaVersion('6');
    use(await kind.open());
    expect((await storage.read.accounts.all()).length).toBe(1);
  });

  it('is ready while it can be asked', async () => {
    await expect(storage.probe()).resolves.toBeUndefined();
  });
});
