import { beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import { createVault } from '#electron/platform/vault';

/** Electron's safeStorage as the test wants it; the asynchronous half is missing in older versions. */
interface Storage {
  readonly getSelectedStorageBackend: Mock;
  readonly isEncryptionAvailable: Mock;
  readonly encryptString: Mock;
  readonly decryptString: Mock;
  isAsyncEncryptionAvailable: Mock | undefined;
  encryptStringAsync: Mock | undefined;
  decryptStringAsync: Mock | undefined;
}
const storage = vi.hoisted<Storage>(() => ({
  getSelectedStorageBackend: vi.fn(),
  isEncryptionAvailable: vi.fn(),
  encryptString: vi.fn(),
  decryptString: vi.fn(),
  isAsyncEncryptionAvailable: undefined,
  encryptStringAsync: undefined,
  decryptStringAsync: undefined,
}));
vi.mock('electron', () => ({ safeStorage: storage }));

const bytes = Buffer.from('encrypted');

beforeEach(() => {
  storage.getSelectedStorageBackend.mockReset().mockReturnValue('gnome_libsecret');
  storage.isEncryptionAvailable.mockReset().mockReturnValue(true);
  storage.encryptString.mockReset().mockReturnValue(bytes);
  storage.decryptString.mockReset().mockReturnValue('secret');
  storage.isAsyncEncryptionAvailable = undefined;
  storage.encryptStringAsync = undefined;
  storage.decryptStringAsync = undefined;
});

describe('the vault', () => {
  it('encrypts with the system’s key store, in a version without the asynchronous API', async () => {
    const vault = createVault('linux');
    expect(await vault.status()).toEqual({ encrypted: true, reason: null });
    expect(await vault.encrypt('secret')).toBe(bytes);
    expect(await vault.decrypt(bytes)).toBe('secret');
  });

  it('uses the asynchronous API where there is one', async () => {
    storage.isAsyncEncryptionAvailable = vi.fn().mockResolvedValue(true);
    storage.encryptStringAsync = vi.fn().mockResolvedValue(bytes);
    storage.decryptStringAsync = vi.fn().mockResolvedValue({ result: 'secret', shouldReEncrypt: false });
    const vault = createVault('darwin');
    expect(await vault.encrypt('secret')).toBe(bytes);
    expect(await vault.decrypt(bytes)).toBe('secret');
    expect(storage.encryptString).not.toHaveBeenCalled();
    expect(storage.decryptString).not.toHaveBeenCalled();
  });

  it.each([
    ['a desktop whose "store" is plain text', 'linux', 'basic_text', true],
    ['a desktop without a store', 'linux', 'unknown', false],
    ['a locked store', 'darwin', 'unknown', false],
  ] as const)(
    'is none on %s: nothing is encrypted, and it says why',
    async (_what, platform, backend, available) => {
      storage.getSelectedStorageBackend.mockReturnValue(backend);
      storage.isEncryptionAvailable.mockReturnValue(available);
      const vault = createVault(platform);
      const status = await vault.status();
      expect(status.encrypted).toBe(false);
      expect(status.reason).toMatch(/\.$/);
      expect(await vault.encrypt('secret')).toBeNull();
      expect(await vault.decrypt(bytes)).toBeNull();
      expect(storage.encryptString).not.toHaveBeenCalled();
    },
  );

  it('does not fail on what it cannot read any more', async () => {
    storage.decryptString.mockImplementation(() => {
      throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.');
    });
    expect(await createVault('win32').decrypt(bytes)).toBeNull();
  });
});
