import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LocalDatabase } from '#electron/core/store/database';
import { ACCOUNT_MIGRATIONS, migrate, NewerStoreError, schemaVersion } from '#electron/core/store/migrations';
import { openDatabase } from '#electron/core/store/open-database';
import { AttemptStore } from '#electron/core/store/attempts';
import { MirrorRows } from '#electron/core/store/mirror-rows';
import { Settings } from '#electron/core/store/settings';
import { SyncStateStore } from '#electron/core/store/sync-state';
import { ProfileStore } from '#electron/core/store/profile';
import { makeAttempt, makeRange, newId } from '#test/support/console/builders';
import { memoryDatabase } from '#test/support/console/memory-store';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const NOW_MS = Date.parse('2026-01-15T12:00:00Z');
const SET_ASIDE = 'gatehouse.damaged-2026-01-15T12-00-00-000Z.sqlite';

let folder: string;
let file: string;
beforeEach(() => {
  folder = makeTempDir('store');
  file = join(folder, 'gatehouse.sqlite');
});
afterEach(() => removeTempDir(folder));

const open = () => openDatabase(file, ACCOUNT_MIGRATIONS, NOW_MS);

/** The repositories that these tests look through. */
const createStore = (database: LocalDatabase) => ({
  settings: new Settings(database),
  syncState: new SyncStateStore(database),
  mirror: new MirrorRows(database),
  attempts: new AttemptStore(database, () => 100),
});

/** A store with enough rows that its middle is not its beginning. */
function fillStore(): void {
  const { database } = open();
  const store = createStore(database);
  database.transaction(() => {
    for (let index = 0; index < 500; index += 1) {
      const range = makeRange({ label: 'x'.repeat(200) });
      store.mirror.put('range', range.id, { value: range, generation: 1 });
    }
  });
  store.settings.write('kept', 'yes');
  database.close();
}

describe('opening the local store', () => {
  it('makes it, and finds everything again', () => {
    fillStore();
    const { database, setAside } = open();
    expect(setAside).toBeNull();
    const store = createStore(database);
    expect(store.settings.read('kept', z.string())).toBe('yes');
    expect(store.mirror.read('range').rows).toHaveLength(500);
    expect(schemaVersion(database)).toBe(ACCOUNT_MIGRATIONS.length);
    database.close();
  });

  it.each([
    ['no database at all', () => writeFileSync(file, 'This is not a database. '.repeat(100))],
    [
      'a damaged middle',
      () => {
        fillStore();
        const bytes = readFileSync(file);
        bytes.fill(7, 8_192, 40_960);
        writeFileSync(file, bytes);
      },
    ],
  ])('sets aside a file with %s, and starts afresh', (_name, damage) => {
    damage();
    const bytes = readFileSync(file);
    const { database, setAside } = open();
    expect(setAside).toBe(join(folder, SET_ASIDE));
    expect(readFileSync(join(folder, SET_ASIDE)).equals(bytes)).toBe(true);
    const store = createStore(database);
    expect(store.syncState.read()).toMatchObject({ cursor: null, lastSyncAt: null });
    expect(store.mirror.read('range').rows).toEqual([]);
    database.close();
    expect(open().setAside).toBeNull();
  });

  it('sets aside what belongs to a damaged file', () => {
    writeFileSync(file, 'not a database '.repeat(100));
    writeFileSync(`${file}-wal`, 'its log');
    open().database.close();
    expect(readFileSync(join(folder, `${SET_ASIDE}-wal`), 'utf8')).toBe('its log');
  });

  it('refuses a store of a newer version and does not touch it', () => {
    const database = LocalDatabase.open(file);
    database.exec(
      `PRAGMA user_version = ${ACCOUNT_MIGRATIONS.length + 1}; CREATE TABLE of_the_future (id TEXT)`,
    );
    database.close();
    const bytes = readFileSync(file);
    expect(() => open()).toThrow(NewerStoreError);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(['gatehouse.sqlite']);
  });

  it('does not work on once it is closed', () => {
    const { database } = open();
    const store = createStore(database);
    database.close();
    expect(() => store.settings.write('a', 1)).toThrow('closed');
  });
});

describe('migrations', () => {
  const steps = [
    'CREATE TABLE a (id INTEGER) STRICT',
    'ALTER TABLE a ADD COLUMN name TEXT; INSERT INTO a VALUES (1, NULL)',
  ];

  it('run once each, in order, from wherever the store stands', () => {
    const database = LocalDatabase.open(':memory:');
    migrate(database, steps.slice(0, 1));
    migrate(database, steps);
    migrate(database, steps);
    expect(schemaVersion(database)).toBe(2);
    expect(database.all('SELECT * FROM a')).toHaveLength(1);
  });

  it('leave a store as it was when a step fails', () => {
    const database = LocalDatabase.open(':memory:');
    migrate(database, steps.slice(0, 1));
    expect(() => migrate(database, [...steps, 'INSERT INTO a VALUES (2, NULL); broken'])).toThrow();
    expect(schemaVersion(database)).toBe(2);
    expect(database.all('SELECT * FROM a')).toHaveLength(1);
  });
});

describe('the log', () => {
  it('of another layout is fetched again, and the queued operations stay', () => {
    const database = LocalDatabase.open(':memory:');
    migrate(database, ACCOUNT_MIGRATIONS.slice(0, 1));
    database.exec(`CREATE TABLE attempts (id TEXT NOT NULL, search TEXT NOT NULL) STRICT;
      INSERT INTO attempts VALUES ('a', 'former');
      UPDATE sync_state SET cursor = 'c', log_complete_from = 'a';
      INSERT INTO outbox (id, position, operation, base, created_at, attempts, state) VALUES ('o', 1, '{}', '{}', 1, 0, '{}')`);
    migrate(database, ACCOUNT_MIGRATIONS);
    expect(database.all('SELECT cursor, log_complete_from FROM sync_state')).toEqual([
      { cursor: null, log_complete_from: null },
    ]);
    expect(database.all('SELECT id FROM outbox')).toEqual([{ id: 'o' }]);
    expect(new AttemptStore(database, () => 100).put(makeAttempt(), 1)).toBe(true);
  });

  it('has nothing left of rows that were removed', () => {
    const database = memoryDatabase();
    const log = new AttemptStore(database, () => 100);
    const keyId = newId();
    const rows = [
      makeAttempt({ keyId, ip: '203.0.113.9', path: '/Ärger', userAgent: 'Müller/1.0', count: 3 }),
      makeAttempt({ keyId, ip: '2001:db8::1', path: null, userAgent: 'Müller/1.0' }),
      makeAttempt({ keyId, verdict: 'allowed', reason: 'authorized', path: '/orders', userAgent: null }),
    ];
    for (const attempt of rows) log.put(attempt, 1);
    for (const { id } of rows) log.remove(id);
    for (const name of ['kinds', 'addresses', 'hours', 'callers', 'paths', 'ips']) {
      expect(database.all(`SELECT * FROM attempt_${name}`)).toEqual([]);
    }
  });
});

describe('transactions', () => {
  it('happen as a whole, also nested', () => {
    const database = LocalDatabase.open(':memory:');
    database.exec('CREATE TABLE a (id INTEGER) STRICT');
    expect(() =>
      database.transaction(() => {
        database.transaction(() => database.run('INSERT INTO a VALUES (1)'));
        throw new Error('later');
      }),
    ).toThrow('later');
    expect(database.all('SELECT * FROM a')).toEqual([]);
    database.transaction(() => database.run('INSERT INTO a VALUES (2)'));
    expect(database.all('SELECT * FROM a')).toEqual([{ id: 2 }]);
  });
});

describe('the profile', () => {
  const service = { kind: 'remote', url: 'https://gatehouse.example' } as const;

  it('outlives the store', () => {
    ProfileStore.open(folder, NOW_MS)
      .profile.of('a')
      .update({ service, chosen: true, encryptedToken: 'abc' });
    writeFileSync(file, 'damaged '.repeat(100));
    open().database.close();
    expect(ProfileStore.open(folder, NOW_MS).profile.of('a').read()).toMatchObject({
      service,
      encryptedToken: 'abc',
    });
  });

  it('that cannot be read is set aside, and the choice is left to the person', () => {
    writeFileSync(join(folder, 'profile.json'), '{"service": 5');
    const { profile, setAside } = ProfileStore.open(folder, NOW_MS);
    expect(setAside).toBe(join(folder, 'profile.damaged-2026-01-15T12-00-00-000Z.json'));
    expect(existsSync(setAside ?? '')).toBe(true);
    expect(profile.of('a').read()).toMatchObject({ service: null, chosen: true });
  });

  it('has several connections in order, and loses only the one that is forgotten', () => {
    const { profile } = ProfileStore.open(folder, NOW_MS);
    for (const id of ['a', 'b', 'c']) profile.of(id).update({ service, accountId: id, encryptedToken: id });
    profile.noteShown('b');
    profile.of('a').update({ service: null, encryptedToken: null });
    const again = ProfileStore.open(folder, NOW_MS).profile;
    expect(again.ids).toEqual(['b', 'c']);
    expect(again.shown).toBe('b');
    expect(again.of('c').read()).toMatchObject({ accountId: 'c', encryptedToken: 'c' });
  });

  it('is for the eyes of its owner only', () => {
    ProfileStore.open(folder, NOW_MS).profile.of('a').update({ service });
    expect(readdirSync(folder)).toEqual(['profile.json']);
    expect(ProfileStore.open(folder, NOW_MS).profile.of('a').read().service).toEqual(service);
  });
});
