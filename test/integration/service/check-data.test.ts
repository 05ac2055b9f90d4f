import Database from 'libsql';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { sqliteDialect } from '#shared/sqlite/sqlite-dialect';
import { SqliteThread } from '#shared/sqlite/sqlite-thread';
import { checkData, findAll, INVARIANTS } from '#service/storage/check/check-data';
import { textOf, type Finding } from '#service/storage/check/finding';
import { connectFirst } from '#service/storage/postgres';
import { scopeOf } from '#service/storage/postgres-kysely';
import { databaseAccess } from '#service/storage/postgres-tls';
import type { Schema } from '#service/storage/schema';
import { DATABASE_FILE } from '#service/storage/sqlite';
import { importText } from '#test/support/service/import-text';
import { hasPostgres, startPostgres, type TestPostgres } from '#test/support/service/postgres';
import { runService } from '#test/support/service/service-process';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const DAY_MS = 86_400_000;
const madeAt = new Date().toISOString();

/** Uses the service in every way that leaves something in the database. */
async function live(service: TestService): Promise<void> {
  const { secret } = await service.createKey();
  const { key: other } = await service.createKey('Other');
  const range = (body: object) => service.api('/v1/ranges', { body });
  const setMode = (mode: string) => service.api('/v1/account/mode', { method: 'PUT', body: { mode } });
  await range({ cidr: '203.0.113.0/24' });
  await range({ cidr: '2001:db8::/32', effect: 'deny', keyId: other.id });
  await importText(service, '192.0.2.1\n192.0.2.2', { name: 'List' });
  await service.api('/v1/sources', { body: { kind: 'asn', spec: { asn: 64_512 }, effect: 'deny' } });
  await setMode('learning');
  await service.check(secret, '198.51.100.9', {
    'user-agent': 'curl',
    'x-ja4': 't13d1516h2_8daaf6152771_b0da82dd1658',
  });
  await setMode('automatic');
  await service.check(secret, '192.0.2.99');
  await setMode('manual');
  for (const ip of ['203.0.113.9', '192.0.2.77', '192.0.2.78', '192.0.2.79', '2001:db8:1::1']) {
    await service.check(secret, ip);
    await service.check(secret, ip);
  }
  const { items } = (await service.api('/v1/reviews?status=pending')).json as { items: Review[] };
  const [first, second] = items;
  await service.api('/v1/operations', {
    body: {
      operations: [
        { id: ulid(), type: 'review.deny', madeAt, reviewId: first?.id },
        { id: ulid(), type: 'review.authorize', madeAt, reviewId: second?.id, scope: 'ip', note: 'Ours' },
        { id: ulid(), type: 'range.add', madeAt, cidr: '198.18.0.0/24' },
      ],
    },
  });
  const { items: ranges } = (await service.api('/v1/ranges?limit=1000')).json as {
    items: { id: string; cidr: string }[];
  };
  const removed = ranges.find(({ cidr }) => cidr === '198.18.0.0/24');
  await service.api(`/v1/ranges/${removed?.id ?? ''}`, { method: 'DELETE' });
  await service.api(`/v1/keys/${other.id}/rotate`, { body: { graceSeconds: 60 } });
  await service.api('/v1/users', {
    body: { email: 'user@example.com', role: 'user', permissions: ['api_keys'] },
  });
}

/** A database of one engine that a service has used, and that its tests break in transactions which they take back. */
interface Used {
  readonly place: { readonly dataDir: string; readonly databaseUrl?: string };
  readonly service: TestService;
  /** Runs `work` in a transaction without foreign keys. */
  inTransaction<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const ENV = { GATEHOUSE_FINGERPRINT_HEADER: 'X-JA4', GATEHOUSE_FOLD_WINDOW: '50ms' };

async function useSqlite(): Promise<Used> {
  const dataDir = makeTempDir('check');
  const service = await startTestService({ dataDir, env: ENV });
  let thread: SqliteThread | undefined;
  return {
    place: { dataDir },
    service,
    inTransaction: async (work) => {
      if (thread === undefined) {
        thread = new SqliteThread({ file: join(dataDir, DATABASE_FILE), access: 'write' });
        await thread.run('PRAGMA foreign_keys = OFF');
      }
      const open = thread;
      const db = new Kysely<Schema>({ dialect: sqliteDialect((text, values) => open.run(text, values)) });
      await open.run('begin');
      try {
        return await work(db);
      } finally {
        await open.run('rollback');
      }
    },
    close: async () => {
      await thread?.close();
      removeTempDir(dataDir);
    },
  };
}

async function usePostgres(): Promise<Used> {
  const postgres: TestPostgres = await startPostgres();
  const databaseUrl = await postgres.createDatabase();
  const dataDir = makeTempDir('check');
  const service = await startTestService({ dataDir, env: { ...ENV, GATEHOUSE_DATABASE_URL: databaseUrl } });
  return {
    place: { dataDir, databaseUrl },
    service,
    inTransaction: async (work) => {
      const { client } = await connectFirst(databaseAccess(databaseUrl));
      const scope = scopeOf(client);
      try {
        await client.query("BEGIN; SET LOCAL session_replication_role = 'replica'");
        return await work(scope.db);
      } finally {
        await scope.end();
        await client.end();
      }
    },
    close: async () => {
      removeTempDir(dataDir);
      await postgres.remove();
    },
  };
}

/** One row of a table, whichever. */
const one = (table: string, where = 'true'): string => `id = (SELECT min(id) FROM ${table} WHERE ${where})`;
const nowhere = "'nowhere'";

/** What breaks each invariant, by its sentence. */
const BREAKS: Readonly<Record<string, readonly string[]>> = {
  'A change has a higher sequence number than its account has given out.': [
    'UPDATE ranges SET changed_seq = changed_seq + 100000 WHERE ' + one('ranges'),
  ],
  'Two changes have the same sequence number, so that a reader may miss one.': [
    'UPDATE keys SET changed_seq = (SELECT min(changed_seq) FROM ranges) WHERE ' + one('keys'),
  ],
  "An account's revision is negative or beyond its sequence number.": [
    'UPDATE accounts SET revision = seq + 1',
  ],
  'Something is there although the feed said last that it was removed.': [
    `INSERT INTO tombstones (account_id, changed_seq, kind, entity_id)
      SELECT account_id, changed_seq + 100000, 'range', id FROM ranges WHERE ${one('ranges')}`,
  ],
  'A removal is there that the feed has forgotten.': [
    'DELETE FROM feed_floors',
    'INSERT INTO feed_floors (account_id, pruned_seq) SELECT id, seq FROM accounts',
  ],
  'The feed has forgotten more than it had.': [
    'DELETE FROM feed_floors',
    'INSERT INTO feed_floors (account_id, pruned_seq) SELECT id, seq + 1 FROM accounts',
  ],
  'The numbers of the epochs have a gap.': [
    "INSERT INTO epochs (number, id, identity) SELECT max(number) + 2, 'other', '' FROM epochs",
  ],
  'An epoch began earlier in the feed than the one before it, or later than the feed is.': [
    `INSERT INTO epoch_starts (epoch, account_id, seq) SELECT max(epochs.number) + 1, accounts.id, accounts.seq + 1
      FROM epochs, accounts GROUP BY accounts.id, accounts.seq`,
  ],
  'An epoch has a beginning in a feed and is not known.': [
    'INSERT INTO epoch_starts (epoch, account_id, seq) SELECT 100000, id, seq FROM accounts',
  ],
  'The audit trail goes back in time by more than an hour, because a clock was put back or an event is not in its place.':
    [`UPDATE audit SET at = at - ${DAY_MS} WHERE changed_seq = (SELECT max(changed_seq) FROM audit)`],
  'A range is in the list twice.': [
    'DROP INDEX ranges_same',
    `UPDATE ranges SET cidr = '203.0.113.0/24', effect = 'authorize', key_id = NULL, source_id = NULL
      WHERE ${one('ranges', "cidr <> '203.0.113.0/24'")}`,
  ],
  'A range comes from a source that it does not name, or names one that it does not come from.': [
    "UPDATE ranges SET source = 'source' WHERE " + one('ranges'),
  ],
  'A key that was not revoked has no current secret or several, or a revoked one has one.': [
    "UPDATE keys SET status = 'revoked' WHERE " + one('keys'),
  ],
  'An account has no owner.': ["UPDATE users SET role = 'user'"],
  'An account remembers when it learned although it does not learn.': [
    'UPDATE accounts SET learning_started_at = 1',
  ],
  'A secret is not stored as its hash.': ["UPDATE tokens SET hash = 'secret'"],
  'A review waits and counts no calls, or counts calls after an answer that is no denial.': [
    'UPDATE reviews SET active = 0 WHERE ' + one('reviews', "status = 'pending'"),
  ],
  'An address and key have two active reviews.': [
    'DROP INDEX reviews_one_active',
    `UPDATE reviews SET active = 1, ip = (SELECT ip FROM reviews WHERE ${one('reviews', "status = 'pending'")})`,
  ],
  'A review waits and has an answer, or was answered by nobody or at no time.': [
    'UPDATE reviews SET decided_at = NULL WHERE ' + one('reviews', "status = 'denied'"),
  ],
  'A call has a verdict that its reason does not have.': [
    "UPDATE attempts SET verdict = 'allowed' WHERE " + one('attempts', "verdict = 'blocked'"),
  ],
  'A call was reported without why it would have been blocked, or has that and was not reported.': [
    "UPDATE attempts SET would_be = 'unknown' WHERE " + one('attempts'),
  ],
  'A count is not positive.': ['UPDATE attempts SET count = 0 WHERE ' + one('attempts')],
  'An e-mail has ended and waits, or has an end or a sender that it does not have.': [
    `INSERT INTO mail_messages (id, account_id, user_id, created_at, state, tries, next_try_at)
      SELECT 'mail', id, 'user', 1, 'sent', 1, 1 FROM accounts`,
  ],
  'A link of an e-mail was used for nothing or at no time.': [
    `INSERT INTO mail_links (hash, account_id, user_id, review_id, created_at, expires_at, used_at)
      SELECT 'hash', account_id, 'user', id, 1, 2, 1 FROM reviews WHERE ${one('reviews')}`,
  ],
  'A row has a word that this version does not know.': ["UPDATE accounts SET mode = 'lenient'"],
  'A range is not written in its canonical form.': [
    "UPDATE ranges SET cidr = '203.0.113.7/24' WHERE cidr = '203.0.113.0/24'",
  ],
  'A review suggests a range that is not in its canonical form.': [
    "UPDATE reviews SET suggested_cidr = '2001:DB8::/64' WHERE " + one('reviews'),
  ],
  'A review is not found under its address.': ["UPDATE reviews SET ip_sort = '4' WHERE " + one('reviews')],
  'A call is not found under its address.': [
    "UPDATE attempts SET ip = '1.2.3.4/30' WHERE " + one('attempts'),
  ],
  'A review cannot be read.': ["UPDATE reviews SET evidence = '[{}]' WHERE " + one('reviews')],
  'An event of the audit trail cannot be read.': ["UPDATE audit SET actor = '{' WHERE " + one('audit')],
  'A source cannot be read.': ["UPDATE sources SET spec = ''"],
  "A user's permissions cannot be read.": ["UPDATE users SET permissions = 'all'"],
  'The result of an operation is not its own, or cannot be read.': [
    `UPDATE operations SET result = (SELECT result FROM operations WHERE ${one('operations')})`,
  ],
  ...Object.fromEntries(
    [
      ['tokens', 'user_id', 'users'],
      ['key_secrets', 'key_id', 'keys'],
      ['key_fingerprints', 'range_id', 'ranges'],
      ['key_fingerprints', 'key_id', 'keys'],
      ['ranges', 'key_id', 'keys'],
      ['ranges', 'source_id', 'sources'],
      ['sources', 'key_id', 'keys'],
      ['imported_ranges', 'range_id', 'ranges', '1'],
      ['reviews', 'key_id', 'keys'],
      ['reviews', 'settled_by', 'reviews'],
      ['attempts', 'key_id', 'keys'],
      ['attempts', 'review_id', 'reviews'],
      ['sightings', 'range_id', 'ranges'],
      ['sightings', 'key_id', 'keys'],
      ['mail_notices', 'message_id', 'mail_messages'],
    ].map(([from = '', column = '', to = '', onlyOne]) => [
      `A row of ${from} names one of ${to} (${column}) that is not there, or is of another account.`,
      [
        `UPDATE ${from} SET ${column} = ${nowhere}` +
          (onlyOne === undefined ? '' : ` WHERE ${column} = (SELECT min(${column}) FROM ${from})`),
      ],
    ]),
  ),
  'A row of key_habits names one of keys (key_id) that is not there, or is of another account.': [
    `INSERT INTO key_habits (key_id, habits) VALUES (${nowhere}, '{}')`,
  ],
  'A row of declined_proposals names one of keys (key_id) that is not there, or is of another account.': [
    `INSERT INTO declined_proposals (account_id, key_id, asn, declined_at) SELECT 'another', id, 1, 1 FROM keys`,
  ],
  'A row of mail_notices names one of reviews (review_id) that is not there, or is of another account.': [
    "UPDATE mail_notices SET account_id = 'another'",
  ],
  'A row of mail_links names one of reviews (review_id) that is not there, or is of another account.': [
    `INSERT INTO mail_links (hash, account_id, user_id, review_id, created_at, expires_at)
      SELECT 'hash', id, 'user', ${nowhere}, 1, 2 FROM accounts`,
  ],
};

describe.each([
  { engine: 'SQLite', use: useSqlite, isThere: true },
  { engine: 'PostgreSQL', use: usePostgres, isThere: hasPostgres() },
])('the check of a database of $engine', ({ use, isThere }) => {
  let used: Used;
  /** What is found while a service has the database, and after it. */
  const found: (readonly Finding[])[] = [];
  beforeAll(async () => {
    if (!isThere) return;
    used = await use();
    const { service, place } = used;
    await live(service);
    await waitFor('the log to be written', async () =>
      (await service.api('/metrics')).text.includes('gatehouse_queue_length{queue="folds"} 0'),
    );
    found.push(await checkData(place));
    await service.restart();
    found.push(await checkData(place));
    await service.stop();
    found.push(await checkData(place));
  });
  afterAll(async () => {
    if (isThere) await used.close();
  });

  it.skipIf(!isThere)('finds nothing where only a service has written, also while that serves', () => {
    expect(found).toEqual([[], [], []]);
  });

  it.skipIf(!isThere)('has something to look at in every table', async () => {
    const counted = await used.inTransaction(async (db) => {
      const tables = [
        'users',
        'key_fingerprints',
        'imported_ranges',
        'sightings',
        'operations',
        'sources',
        'mail_notices',
        'tombstones',
        'epoch_starts',
      ];
      const counts = await Promise.all(
        tables.map((table) =>
          sql<{ count: number }>`SELECT count(*) AS count FROM ${sql.table(table)}`.execute(db),
        ),
      );
      return tables.filter((_, index) => counts[index]?.rows[0]?.count === 0);
    });
    expect(counted).toEqual([]);
  });

  it.skipIf(!isThere).each(INVARIANTS.map(({ sentence }) => sentence))('finds: %s', async (sentence) => {
    const statements = BREAKS[sentence];
    if (statements === undefined) throw new Error('nothing breaks it here');
    const findings = await used.inTransaction(async (db) => {
      for (const statement of statements) await sql.raw(statement).execute(db);
      return findAll(
        db,
        INVARIANTS.filter((invariant) => invariant.sentence === sentence),
      );
    });
    expect(findings).toMatchObject([{ sentence }]);
    expect(findings[0]?.examples.length).toBeGreaterThan(0);
  });
});

describe('what the check says', () => {
  it('names the first rows, and how many there are if they are more', () => {
    const found = { sentence: 'It is so.', total: 2, examples: ['a', 'b'] };
    expect(textOf(found)).toBe('It is so. (a, b)');
    expect(textOf({ ...found, total: 9 })).toBe('It is so. (9 times, such as a, b)');
  });

  it('is a sentence where there is nothing to check, or it cannot be read', async () => {
    const dataDir = makeTempDir('check');
    await expect(checkData({ dataDir })).rejects.toThrow(
      `There is no database in the data folder ${dataDir}.`,
    );
    const file = join(dataDir, DATABASE_FILE);
    writeFileSync(file, 'no database at all');
    await expect(checkData({ dataDir })).rejects.toThrow('The database could not be checked: ');
    writeFileSync(file, '');
    await expect(checkData({ dataDir })).rejects.toThrow('could not be checked: ');
    const older = new Database(file);
    older.exec("CREATE TABLE meta (name TEXT, value TEXT); INSERT INTO meta VALUES ('schema_version', '1')");
    older.close();
    await expect(checkData({ dataDir })).rejects.toThrow(
      'is of an older version (1); start the service once',
    );
    removeTempDir(dataDir);
  });

  it('is that the file is damaged, and nothing is changed in it', async () => {
    const dataDir = makeTempDir('check');
    const service = await startTestService({ dataDir });
    for (let n = 0; n < 50; n += 1) await service.api('/v1/ranges', { body: { cidr: `192.0.2.${n}` } });
    await service.stop();
    const file = join(dataDir, DATABASE_FILE);
    const whole = readFileSync(file);
    expect(await checkData({ dataDir })).toEqual([]);
    expect(readFileSync(file).equals(whole)).toBe(true);
    const half = whole.length / 2;
    writeFileSync(file, Buffer.concat([whole.subarray(0, half), Buffer.alloc(half, 0xff)]));
    expect(await checkData({ dataDir })).toMatchObject([
      { sentence: 'The file of the database is damaged.' },
    ]);
    removeTempDir(dataDir);
  });

  it('comes with the exit code 1 if there is something', async () => {
    const dataDir = makeTempDir('check');
    const service = await startTestService({ dataDir });
    await service.stop();
    const check = () => runService({ GATEHOUSE_DATA_DIR: dataDir }, ['check-data']);
    const nothing = 'Nothing in the database contradicts itself.\n';
    expect(await check()).toEqual({ code: 0, stdout: nothing, stderr: '' });
    const database = new Database(join(dataDir, DATABASE_FILE));
    database.exec("UPDATE users SET role = 'user'");
    database.close();
    const { code, stdout } = await check();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^An account has no owner\. \(\w+\)\n$/);
    removeTempDir(dataDir);
  });
});
