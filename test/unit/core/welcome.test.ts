import { beforeEach, describe, expect, it } from 'vitest';
import { WelcomeKeeper } from '#electron/core/welcome';
import type { AccountStore } from '#electron/core/store/account-store';
import type { Vault } from '#electron/core/ports';
import { AskingVault, fakeVault, RecordingLog } from '#test/support/console/fakes';
import { memoryStore } from '#test/support/console/memory-store';

const SERVICE = { kind: 'embedded', url: 'http://127.0.0.1:8787' } as const;
const SECRET = 'gk_SecretOfTheFirstKey';

let store: Pick<AccountStore, 'settings' | 'database'>;
beforeEach(() => {
  store = memoryStore();
});
const keeperWith = (vault: Vault): WelcomeKeeper =>
  new WelcomeKeeper(store.settings, vault, new RecordingLog());
/** Lets go what waits for nothing. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const storedText = (): string => JSON.stringify(store.database.all('SELECT * FROM settings'));

describe('the welcome', () => {
  it('is a line that can be pasted', async () => {
    const keeper = keeperWith(fakeVault(true));
    keeper.offer('First key', SECRET);
    await turn();
    expect(await keeper.get(SERVICE)).toEqual({
      serviceUrl: 'http://127.0.0.1:8787',
      keyName: 'First key',
      secret: SECRET,
      curl: `curl -i -H 'api-key: ${SECRET}' -H 'X-Forwarded-For: 203.0.113.9' http://127.0.0.1:8787/v1/check`,
    });
  });

  it('is there again after a restart, encrypted in between', async () => {
    keeperWith(fakeVault(true)).offer('First key', SECRET);
    await turn();
    expect(storedText()).not.toContain(SECRET);
    const later = keeperWith(fakeVault(true));
    expect(await later.get(SERVICE)).toMatchObject({ secret: SECRET });
  });

  it('lasts for the session where nothing can be encrypted, and leaves no trace', async () => {
    const keeper = keeperWith(fakeVault(false));
    keeper.offer('First key', SECRET);
    await turn();
    expect(await keeper.get(SERVICE)).toMatchObject({ secret: SECRET });
    expect(storedText()).toBe('[]');
    expect(await keeperWith(fakeVault(false)).get(SERVICE)).toBeNull();
  });

  it('is gone for good once it is dismissed', async () => {
    const keeper = keeperWith(fakeVault(true));
    keeper.offer('First key', SECRET);
    await turn();
    keeper.dismiss();
    expect(await keeper.get(SERVICE)).toBeNull();
    expect(await keeperWith(fakeVault(true)).get(SERVICE)).toBeNull();
    expect(storedText()).toBe('[]');
  });

  it('is shown while the key store asks, and not kept when it is dismissed meanwhile', async () => {
    const vault = new AskingVault();
    const keeper = keeperWith(vault);
    keeper.offer('First key', SECRET);
    expect(await keeper.get(SERVICE)).toMatchObject({ secret: SECRET });
    keeper.dismiss();
    vault.answer(true);
    await turn();
    expect(storedText()).toBe('[]');
  });

  it('asks the key store once, however often it is asked for', async () => {
    keeperWith(fakeVault(true)).offer('First key', SECRET);
    await turn();
    const vault = new AskingVault();
    const keeper = keeperWith(vault);
    const both = Promise.all([keeper.get(SERVICE), keeper.get(SERVICE)]);
    expect(vault.asked).toBe(1);
    vault.answer(true);
    expect(await both).toMatchObject([{ secret: SECRET }, { secret: SECRET }]);
  });

  it('belongs to the embedded service only', async () => {
    const keeper = keeperWith(fakeVault(true));
    keeper.offer('First key', SECRET);
    await turn();
    expect(await keeper.get({ kind: 'remote', url: 'https://gatehouse.example' })).toBeNull();
    expect(await keeper.get(null)).toBeNull();
  });
});
