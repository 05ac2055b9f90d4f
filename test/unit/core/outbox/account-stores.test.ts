import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalDatabase } from '#electron/core/store/database';
import { CONSOLE_MIGRATIONS, migrate } from '#electron/core/store/migrations';
import { makeAccount, newId } from '#test/support/console/builders';
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

describe('edits that an earlier version of this program kept, without their author', () => {
  const me = { userId: newId(), email: 'anna@example.com' };
  /** What that version leaves behind: rows and lines of the journal that name nobody. */
  const older = (): readonly (string | null)[] => {
    const store = open();
    const ids = store.outbox.enqueue([adding()], NOW_MS);
    const account = makeAccount({ id: ACCOUNT });
    store.mirror.put('account', ACCOUNT, {
      value: { ...account, me: { ...account.me, ...me } },
      generation: 0,
    });
    close(store);
    return ids;
  };

  it('are of whoever was signed in last, for good', () => {
    const ids = older();
    for (let start = 0; start < 2; start += 1) {
      const store = open();
      expect(store.outbox.entries()).toMatchObject([
        { operation: { id: ids[0], authorId: me.userId }, authorEmail: me.email },
      ]);
      store.outbox.signIn({ userId: newId(), email: 'ben@example.com' });
      expect(store.outbox.nextBatch(9)).toEqual([]);
      expect(store.outbox.counts()).toMatchObject({ waiting: 0, others: 1 });
      store.outbox.signIn(me);
      expect(store.outbox.nextBatch(9)).toHaveLength(1);
      close(store);
    }
  });

  it('are nobody’s where that is not known any more: they are not sent for whoever signs in', () => {
    older();
    rmSync(world.file('store.sqlite'));
    const store = open();
    store.outbox.signIn(me);
    expect(store.outbox.nextBatch(9)).toEqual([]);
    expect(store.outbox.counts()).toMatchObject({ waiting: 0, others: 1 });
    expect(store.outbox.entries()).toMatchObject([{ authorEmail: null }]);
  });

  it('keep their author through damage of the database', () => {
    const store = open();
    store.outbox.signIn(me);
    store.outbox.enqueue([adding()], NOW_MS);
    close(store);
    rmSync(world.file('store.sqlite'));
    const again = open();
    again.outbox.signIn({ userId: newId(), email: 'ben@example.com' });
    expect(again.outbox.nextBatch(9)).toEqual([]);
    expect(again.outbox.entries()).toMatchObject([
      { operation: { authorId: me.userId }, authorEmail: me.email },
    ]);
  });
});
