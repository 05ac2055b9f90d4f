import { safeStorage } from 'electron';
import type { KeyStore, StoreDecrypted, StoreEncrypted } from './key-store';

/** The asynchronous half of safeStorage, which older versions of Electron do not have. */
type AsyncStorage = Pick<
  typeof safeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
>;

// In a variable of the weaker type, so that the check is no lie to the compiler.
const storage: Partial<AsyncStorage> = safeStorage;

export function hasAsyncKeyStore(): boolean {
  return (
    storage.isAsyncEncryptionAvailable !== undefined &&
    storage.encryptStringAsync !== undefined &&
    storage.decryptStringAsync !== undefined
  );
}

/** The key store through the asynchronous API. */
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
      // On Linux the store that did not open is replaced by a fixed key, and that one cannot read it either.
      return this.#platform === 'linux' ? { kind: 'locked' } : { kind: 'lost' };
    }
  }

  /** What it asks cannot be taken back; whoever waited is told by the vault. */
  abandon(): void {}
}
