import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalDatabase } from '#electron/core/store/database';
import { CONSOLE_MIGRATIONS, migrate } from '#electron/core/store/migrations';
import { newId } from '#test/support/console/builders';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { adding, NOW_MS } from '#test/support/console/outbox-builders';
import { ACCOUNT, useAccountStores } from '#test/support/console/account-stores-world';

const world = useAccountStores();
const { open, close } = world;

describe('the first layout of the store', () => {
  /** A file as the first version of this program left it. */
  const firstLayout = (accountId: string | null): void => {
    world.reopenConsole(() => {
      rmSync(join(world.folder, 'gatehouse.sqlite'));
      const database = LocalDatabase.open(join(world.folder, 'gatehouse.sqlite'));
      migrate(database, CONSOLE_MIGRATIONS.slice(0, 1));
      database.run('UPDATE sync_state SET account_id = ?, cursor = ?', [accountId, 'c1']);
      database.run('INSERT INTO announced (review_id, cause, at) VALUES (?, ?, ?)', ['r1', 'single', 5]);
      database.run('INSERT INTO settings (name, value) VALUES (?, ?), (?, ?)', [
        'notifications.baseline',
        JSON.stringify(accountId),
        'window',
        '7',
      ]);
      database.close();
    });
  };

  it('is taken over by its account: nothing is announced twice, and the settings stay', () => {
    firstLayout(ACCOUNT);
    const other = world.stores.open(TEST_SERVICE, newId());
    expect([...other.announced.subjects('question')]).toEqual([]);
    other.close();
    const store = open();
    expect([...store.announced.subjects('question')]).toEqual(['r1']);
    expect(store.database.all('SELECT name, value FROM settings')).toEqual([
      { name: 'notifications.baseline', value: 'true' },
    ]);
    expect(world.console.firstLayoutOf(ACCOUNT)).toBeNull();
    close(store);
    expect([...open().announced.subjects('question')]).toEqual(['r1']);
  });

  it('of a console that never was connected is an empty one', () => {
    firstLayout(null);
    expect([...open().announced.subjects('question')]).toEqual([]);
  });
});

describe('accounts', () => {
  it('have a store each, also the same account of two services', () => {
    const store = open();
    store.outbox.enqueue([adding()], NOW_MS);
    const elsewhere = world.stores.open({ kind: 'remote', url: 'https://copy.example' }, ACCOUNT);
    expect(elsewhere.outbox.size).toBe(0);
    elsewhere.close();
    const embedded = (port: number) =>
      world.stores.folderOf({ kind: 'embedded', url: `http://127.0.0.1:${port}` }, ACCOUNT);
    expect(embedded(8787)).toBe(embedded(8788));
  });
});
