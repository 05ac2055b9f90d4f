import { beforeEach, describe, expect, it } from 'vitest';
import { WelcomeKeeper } from '#electron/core/welcome';
import type { AccountStore } from '#electron/core/store/account-store';
import { fakeVault } from '#test/support/console/fakes';
import { memoryStore } from '#test/support/console/memory-store';

const SERVICE = { kind: 'embedded', url: 'http://127.0.0.1:8787' } as const;
const SECRET = 'gk_SecretOfTheFirstKey';

let store: Pick<AccountStore, 'settings' | 'database'>;
beforeEach(() => {
  store = memoryStore();
});
const storedText = (): string => JSON.stringify(store.database.all('SELECT * FROM settings'));

describe('the welcome', () => {
  it('is a line that can be pasted', async () => {
    const keeper = new WelcomeKeeper(store.settings, fakeVault(true));
    await keeper.offer('First key', SECRET);
    expect(await keeper.get(SERVICE)).toEqual({
      serviceUrl: 'http://127.0.0.1:8787',
      keyName: 'First key',
      secret: SECRET,
      curl: `curl -i -H 'api-key: ${SECRET}' -H 'X-Forwarded-For: 203.0.113.9' http://127.0.0.1:8787/v1/check`,
    });
  });

  it('is there again after a restart, encrypted in between', async () => {
    await new WelcomeKeeper(store.settings, fakeVault(true)).offer('First key', SECRET);
    expect(storedText()).not.toContain(SECRET);
    const later = new WelcomeKeeper(store.settings, fakeVault(true));
    expect(await later.get(SERVICE)).toMatchObject({ secret: SECRET });
  });

  it('lasts for the session where nothing can be encrypted, and leaves no trace', async () => {
    const keeper = new WelcomeKeeper(store.settings, fakeVault(false));
    await keeper.offer('First key', SECRET);
    expect(await keeper.get(SERVICE)).toMatchObject({ secret: SECRET });
    expect(storedText()).toBe('[]');
    expect(await new WelcomeKeeper(store.settings, fakeVault(false)).get(SERVICE)).toBeNull();
  });

  it('is gone for good once it is dismissed', async () => {
    const keeper = new WelcomeKeeper(store.settings, fakeVault(true));
    await keeper.offer('First key', SECRET);
    keeper.dismiss();
    expect(await keeper.get(SERVICE)).toBeNull();
    expect(await new WelcomeKeeper(store.settings, fakeVault(true)).get(SERVICE)).toBeNull();
    expect(storedText()).toBe('[]');
  });

  it('belongs to the embedded service only', async () => {
    const keeper = new WelcomeKeeper(store.settings, fakeVault(true));
    await keeper.offer('First key', SECRET);
    expect(await keeper.get({ kind: 'remote', url: 'https://gatehouse.example' })).toBeNull();
    expect(await keeper.get(null)).toBeNull();
  });
});
