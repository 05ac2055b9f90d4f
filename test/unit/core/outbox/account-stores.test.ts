import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newId } from '#test/support/console/builders';
import { adding, NOW_MS } from '#test/support/console/outbox-builders';
import { ACCOUNT, useAccountStores } from '#test/support/console/account-stores-world';

const world = useAccountStores();
const { open, close } = world;

describe('accounts', () => {
  it('have a store each, also the same account of two services', () => {
    const store = open();
    store.outbox.enqueue([adding()], NOW_MS);
    const elsewhere = world.stores.open({ kind: 'remote', url: 'https://copy.example' }, ACCOUNT);
    expect(elsewhere.outbox.size).toBe(0);
    void elsewhere.close();
    const embedded = (port: number) =>
      world.stores.folderOf({ kind: 'embedded', url: `http://127.0.0.1:${port}` }, ACCOUNT);
    expect(embedded(8787)).toBe(embedded(8788));
  });
});

describe('operations', () => {
  it('keep their author through damage of the database', () => {
    const me = { userId: newId(), email: 'anna@example.com' };
    const store = open();
    store.outbox.signIn(me);
    store.outbox.enqueue([adding()], NOW_MS);
    close(store);
    rmSync(world.file('store.sqlite'));
    const again = open();
    again.outbox.signIn({ userId: newId(), email: 'ben@example.com' });
    expect(again.outbox.nextBatch(9)).toEqual([]);
    expect(again.outbox.all()).toMatchObject([{ operation: { authorId: me.userId }, authorEmail: me.email }]);
  });
});
