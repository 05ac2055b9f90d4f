import { safeStorage } from 'electron';
import type { KeyStore, StoreDecrypted, StoreEncrypted } from './key-store';

/** The asynchronous half of safeStorage, which older versions of Electron do not have. */
type AsyncStorage = Pick<
  typeof safeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
>;

// The weaker type makes the compiler accept the check below.
const storage: Partial<AsyncStorage> = safeStorage;

export function hasAsyncKeyStore(): boolean {
  return (
    storage.isAsyncEncryptionAvailable !== undefined &&
    storage.encryptStringAsync !== undefined &&
    storage.decryptStringAsync !== undefined
  );
}

export class AsyncKeyStore implements KeyStore {
  readonly #platform: NodeJS.Platform;

  constructor(platform: NodeJS.Platform) {
    this.#platform = platform;
  }

  async encrypt(secret: string): Promise<StoreEncrypted> {
    try {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return { kind: 'locked' };
      return { kind: 'encrypted', blob: await safeStorage.encryptStringAsync(secret) };
    } catch {
      return { kind: 'locked' };
    }
  }

  async decrypt(blob: Uint8Array): Promise<StoreDecrypted> {
    try {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return { kind: 'locked' };
    } catch {
      return { kind: 'locked' };
    }
    try {
      const { result } = await safeStorage.decryptStringAsync(Buffer.from(blob));
      return { kind: 'decrypted', secret: result };
    } catch {
      // On Linux Electron replaces a closed store by a fixed key, which cannot read the secret either.
      return this.#platform === 'linux' ? { kind: 'locked' } : { kind: 'lost' };
    }
  }

  /** A prompt of this API cannot be withdrawn; the vault answers the callers. */
  abandon(): void {}
}
