import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountStores } from '#electron/core/store/account-stores';
import { ConsoleStore } from '#electron/core/store/console-store';
import { readLogLimit } from '#electron/core/store/log-limit';
import { ACCOUNT_MIGRATIONS } from '#electron/core/store/migrations';
import { openDatabase } from '#electron/core/store/open-database';
import { Replica } from '#electron/core/sync/replica';
import { keepLog, keptLog } from '#electron/core/use-cases/keep-log';
import { makeAccount } from '#test/support/console/builders';
import { FakeClock } from '#test/support/console/fake-clock';
import { RecordingPublisher } from '#test/support/console/fakes';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { value } from '#test/support/console/value';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const ROWS = 60_300;
const account = makeAccount();

let folder: string;
let store: ConsoleStore;
let replica: Replica;

/** The same console after a restart. */
function start(): void {
  ({ store } = ConsoleStore.open(folder, 0));
  const stores = new AccountStores({
    folder,
    clock: new FakeClock(),
    logLimit: () => readLogLimit(store.settings),
    onDamage: () => undefined,
    disk: { add: () => undefined },
  });
  replica = new Replica(stores, new RecordingPublisher());
  // As many rows as a busy service makes in a day, before anybody looks.
  const file = join(stores.folderOf(TEST_SERVICE, account.id), 'store.sqlite');
  const { database } = openDatabase(file, ACCOUNT_MIGRATIONS, 0);
  database.run(
    `INSERT OR IGNORE INTO attempt_kinds (id, key_id, verdict, reason, country, asn, method)
       VALUES (1, '', 'blocked', 'unknown', '', 0, '')`,
  );
  database.run(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
     INSERT INTO attempts (id, seq, generation, kind, is_blocked, address, at, hour, calls, caller, path, body)
       SELECT printf('01J%023d', n), n, 0, 1, 1, '', 0, 0, 1, 1, 1, '{}' FROM numbers
       WHERE NOT EXISTS (SELECT 1 FROM attempts)`,
    [ROWS],
  );
  database.run("UPDATE sync_state SET log_complete_from = '' WHERE log_complete_from IS NULL");
  database.close();
  replica.open(TEST_SERVICE, account.id);
}
function stop(): void {
  void replica.close();
  store.close();
}
const idOf = (n: number): string => `01J${String(n).padStart(23, '0')}`;

beforeEach(() => {
  folder = makeTempDir('keep-log');
  start();
});
afterEach(() => {
  stop();
  removeTempDir(folder);
});

describe('how much of the log is kept', () => {
  it('comes down when less is wanted, with everybody else’s turn in between, and stays so', async () => {
    expect(value(keptLog({ store, replica }))).toEqual({ limit: 200_000, rows: ROWS });
    let othersHadTheirTurn = 0;
    let keeping = true;
    const takeTurns = (): void => {
      if (!keeping) return;
      othersHadTheirTurn += 1;
      setImmediate(takeTurns);
    };
    setImmediate(takeTurns);
    value(await keepLog({ store, accounts: { all: () => [{ replica }] } }, { limit: 50_000 }));
    keeping = false;
    expect(othersHadTheirTurn).toBeGreaterThan(1);
    expect(value(keptLog({ store, replica }))).toEqual({ limit: 50_000, rows: 49_500 });
    // The oldest rows went, and what is left knows from where on it is complete.
    expect(replica.mirror.state.logCompleteFrom).toBe(idOf(ROWS - 49_500 + 1));
    expect(replica.store?.database.first('SELECT min(id) AS id FROM attempts')?.['id']).toBe(
      replica.mirror.state.logCompleteFrom,
    );
    const from = replica.mirror.state.logCompleteFrom;
    stop();
    ({ store } = ConsoleStore.open(folder, 0));
    expect(readLogLimit(store.settings)).toBe(50_000);
    store.close();
    start();
    expect(replica.mirror.state.logCompleteFrom).toBe(from);
  });

  it('goes on coming down with the next answers of the service when the program ended before it was done', () => {
    const { limit } = value(keptLog({ store, replica }));
    expect(limit).toBe(200_000);
    store.settings.write('log.limit', 50_000);
    const sizes: number[] = [];
    for (let answer = 0; answer < 4; answer += 1) {
      replica.applyAnswer({ cursor: `c${answer}`, reset: false, changes: [], more: false }, answer);
      sizes.push(replica.store?.attempts.size ?? 0);
    }
    expect(sizes).toEqual([59_300, 58_300, 57_300, 56_300]);
  });

  it('is the default when the setting is damaged', () => {
    store.settings.write('log.limit', 7);
    expect(value(keptLog({ store, replica }))).toMatchObject({ limit: 200_000 });
  });
});
