import { beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import { createVault, PatientVault } from '#electron/platform/vault/vault';
import type { KeyStore, StoreDecrypted, StoreEncrypted } from '#electron/platform/vault/key-store';
import { RecordingLog } from '#test/support/console/fakes';

/** Electron's safeStorage as the test wants it. */
const storage = vi.hoisted(() => ({
  getSelectedStorageBackend: vi.fn<() => string>(),
  isAsyncEncryptionAvailable: vi.fn<() => Promise<boolean>>(),
  encryptStringAsync: vi.fn<() => Promise<Buffer>>(),
  decryptStringAsync: vi.fn<() => Promise<{ result: string }>>(),
  isEncryptionAvailable: vi.fn(),
  encryptString: vi.fn(),
  decryptString: vi.fn(),
}));
vi.mock('electron', () => ({ safeStorage: storage }));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const BYTES = Buffer.from('v11encrypted');
const synchronous: readonly Mock[] = [
  storage.isEncryptionAvailable,
  storage.encryptString,
  storage.decryptString,
];

/** A store in which each call waits until the test says how it ends. */
class SlowStore implements KeyStore {
  readonly calls: ((outcome: StoreEncrypted | StoreDecrypted) => void)[] = [];
  abandoned = 0;
  encrypt = (): Promise<StoreEncrypted> => this.#wait() as Promise<StoreEncrypted>;
  decrypt = (): Promise<StoreDecrypted> => this.#wait() as Promise<StoreDecrypted>;
  abandon(): void {
    this.abandoned += 1;
  }
  #wait(): Promise<StoreEncrypted | StoreDecrypted> {
    return new Promise((resolve) => this.calls.push(resolve));
  }
}

const patient = (store: KeyStore, platform: NodeJS.Platform = 'linux'): PatientVault =>
  new PatientVault({ store, service: undefined, platform, log: new RecordingLog() });

beforeEach(() => {
  for (const mock of Object.values(storage)) mock.mockReset();
  storage.getSelectedStorageBackend.mockReturnValue('gnome_libsecret');
  storage.isAsyncEncryptionAvailable.mockResolvedValue(true);
  storage.encryptStringAsync.mockResolvedValue(BYTES);
  storage.decryptStringAsync.mockResolvedValue({ result: 'secret' });
});

describe('the vault over the asynchronous key store', () => {
  const create = (platform: NodeJS.Platform) =>
    createVault({
      platform,
      env: {},
      log: new RecordingLog(),
      helperCommand: () => {
        throw new Error('No helper is needed here.');
      },
    });

  it.each(['linux', 'darwin', 'win32'] as const)(
    'never touches the synchronous one, on %s',
    async (platform) => {
      const vault = create(platform);
      expect(vault.canKeep()).toBe(true);
      expect(await vault.encrypt('secret')).toEqual({ kind: 'encrypted', blob: BYTES });
      expect(await vault.decrypt(BYTES)).toEqual({ kind: 'decrypted', secret: 'secret' });
      for (const mock of synchronous) expect(mock).not.toHaveBeenCalled();
    },
  );

  it('tells a store that was not opened from a secret that is gone', async () => {
    storage.isAsyncEncryptionAvailable.mockResolvedValue(false);
    expect(await create('darwin').decrypt(BYTES)).toEqual({ kind: 'locked' });
    storage.isAsyncEncryptionAvailable.mockResolvedValue(true);
    storage.decryptStringAsync.mockRejectedValue(new Error('no'));
    expect(await create('darwin').decrypt(BYTES)).toEqual({ kind: 'lost' });
    // There a key that everybody knows takes the place of one that was not handed out.
    expect(await create('linux').decrypt(BYTES)).toEqual({ kind: 'locked' });
  });

  it('does not take the key that everybody knows for encryption', async () => {
    storage.encryptStringAsync.mockResolvedValue(Buffer.from('v10readable by anybody'));
    expect(await create('linux').encrypt('secret')).toEqual({ kind: 'locked' });
    expect(await create('darwin').encrypt('secret')).toMatchObject({ kind: 'encrypted' });
  });
});

describe('the vault', () => {
  it('is none on a desktop whose store is plain text: nothing is asked', async () => {
    storage.getSelectedStorageBackend.mockReturnValue('basic_text');
    const store = new SlowStore();
    const vault = patient(store);
    expect(vault.canKeep()).toBe(false);
    expect(await vault.encrypt('secret')).toMatchObject({ kind: 'unavailable' });
    expect(await vault.decrypt(BYTES)).toMatchObject({ kind: 'unavailable' });
    expect(store.calls).toHaveLength(0);
  });

  it('does not ask a person again who has just closed the question, until it is told to', async () => {
    const store = new SlowStore();
    const vault = patient(store);
    const first = vault.decrypt(BYTES);
    await turn();
    store.calls[0]?.({ kind: 'locked' });
    expect(await first).toEqual({ kind: 'locked' });
    expect(await vault.encrypt('secret')).toEqual({ kind: 'locked' });
    expect(store.calls).toHaveLength(1);

    vault.askAgain();
    const again = vault.decrypt(BYTES);
    await turn();
    store.calls[1]?.({ kind: 'decrypted', secret: 'secret' });
    expect(await again).toEqual({ kind: 'decrypted', secret: 'secret' });
  });

  it('lets an answer of before say nothing about how it stands after it was asked again', async () => {
    const store = new SlowStore();
    const vault = patient(store);
    const first = vault.decrypt(BYTES);
    await turn();
    vault.askAgain();
    expect(store.abandoned).toBe(1);
    store.calls[0]?.({ kind: 'locked' });
    expect(await first).toEqual({ kind: 'locked' });
    void vault.decrypt(BYTES);
    await turn();
    expect(store.calls).toHaveLength(2);
  });
});
