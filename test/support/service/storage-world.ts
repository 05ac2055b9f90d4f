import Database from 'libsql';
import { join } from 'node:path';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { systemClock } from '#service/runtime/clock';
import { FeedHub } from '#service/storage/feed-hub';
import { createIdFactory } from '#service/runtime/ids';
import { openPostgresStorage } from '#service/storage/postgres';
import type { AccountRow } from '#service/storage/repositories/accounts';
import type { AttemptRow } from '#service/storage/repositories/attempts';
import type { KeyRow } from '#service/storage/repositories/keys';
import type { RangeRow } from '#service/storage/repositories/ranges';
import { DATABASE_FILE, openSqliteStorage } from '#service/storage/sqlite';
import type { Storage } from '#service/storage/storage';
import { createWriter, type Writer } from '#service/storage/writer';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { hasPostgres, startPostgres, type TestPostgres } from './postgres';
import { collect } from '../collect';
import { reviewRow } from './review-row';

/** One kind of database, as these tests create and disturb it. */
interface Kind {
  readonly name: 'SQLite' | 'PostgreSQL';
  setUp(): Promise<void>;
  tearDown(): Promise<void>;
  /** Creates an empty database; `open` then opens it, also repeatedly. */
  make(): Promise<void>;
  open(): Promise<Storage>;
  /** Runs statements on the closed database, as another version would have left it. */
  run(statements: string): Promise<void>;
  /** Copies the database while it is in use. Returns a function that restores the copy once the storage is closed. */
  backUp(): Promise<() => Promise<void>>;
}

/** The files of an open SQLite database, without those that it recreates. */
const SQLITE_FILES = [DATABASE_FILE, `${DATABASE_FILE}-wal`];

function sqlite(): Kind {
  let dataDir = '';
  let backups = 0;
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
    run: (statements) => {
      const database = new Database(join(dataDir, DATABASE_FILE));
      database.exec(statements);
      database.close();
      return Promise.resolve();
    },
    backUp: () => {
      backups += 1;
      const copyOf = (file: string): string => join(dataDir, `backup-${backups}-${file}`);
      const copies = SQLITE_FILES.filter((file) => existsSync(join(dataDir, file))).map((file) => {
        copyFileSync(join(dataDir, file), copyOf(file));
        return { file, copy: copyOf(file) };
      });
      return Promise.resolve(() => {
        for (const file of SQLITE_FILES) rmSync(join(dataDir, file), { force: true });
        for (const { file, copy } of copies) copyFileSync(copy, join(dataDir, file));
        return Promise.resolve();
      });
    },
  };
}

function postgres(): Kind {
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
    run: async (statements) => {
      await server.query(url, statements);
    },
    backUp: () => server.backUp(url),
  };
}

export const ACCOUNT: AccountRow = {
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
  report_only: 0,
};
export const KEY: KeyRow = {
  id: 'key',
  account_id: ACCOUNT.id,
  name: 'Key',
  prefix: 'gh_abc',
  status: 'active',
  report_only: 0,
  created_at: 1_700_000_000_000,
  last_used_at: null,
  rotated_at: null,
  changed_seq: 2,
};
export const RANGE: RangeRow = {
  id: 'range',
  account_id: ACCOUNT.id,
  cidr: '203.0.113.0/24',
  effect: 'authorize',
  label: '',
  source: 'manual',
  source_id: null,
  key_id: null,
  created_at: 1_700_000_000_000,
  created_by: 'owner@example.com',
  expires_at: null,
  version: 1,
  last_used_at: null,
  uses: 0,
  changed_seq: 3,
};
export const REVIEW = reviewRow({
  id: 'review',
  account_id: ACCOUNT.id,
  ip: '203.0.113.9',
  ip_sort: '4cb007109',
  key_id: KEY.id,
  first_at: 1_700_000_000_000,
  last_at: 1_700_000_000_000,
  suggested_cidr: '203.0.113.0/24',
  changed_seq: 4,
});
export const ATTEMPT: AttemptRow = {
  id: 'attempt',
  account_id: ACCOUNT.id,
  changed_seq: 5,
  ip: '203.0.113.9',
  ip_sort: '4cb007109',
  key_id: KEY.id,
  verdict: 'blocked',
  reason: 'unknown',
  would_be: null,
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

/** An open database of one kind, with an account and a key in it. */
export interface StorageWorld {
  readonly kind: Pick<Kind, 'name' | 'make' | 'open' | 'run' | 'backUp'>;
  readonly storage: Storage;
  readonly writer: Writer;
  readonly hub: FeedHub;
  /** Continues with this storage; the one before has to be closed. */
  use(opened: Storage): void;
  rangesNow(): Promise<RangeRow[]>;
}

/** Runs the tests once on each kind of database, each on a database of its own. */
export function describeStorages(what: string, tests: (world: StorageWorld) => void): void {
  describe.each([sqlite(), postgres()])(`${what} in $name`, (kind) => {
    const skipped = kind.name === 'PostgreSQL' && !hasPostgres();
    let storage: Storage;
    let writer: Writer;
    let hub: FeedHub;
    const use = (opened: Storage): void => {
      storage = opened;
      hub = new FeedHub();
      writer = createWriter(storage, hub, systemClock, createIdFactory(systemClock));
    };
    beforeAll(async () => {
      if (!skipped) await kind.setUp();
    });
    afterAll(async () => {
      if (!skipped) await kind.tearDown();
    });
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
    tests({
      kind,
      get storage() {
        return storage;
      },
      get writer() {
        return writer;
      },
      get hub() {
        return hub;
      },
      use,
      rangesNow: () => collect(storage.read.ranges.all()),
    });
  });
}
