import { safeStorage } from 'electron';
import type { KeyStore, StoreDecrypted, StoreEncrypted } from './key-store';

/* oxlint-disable typescript/no-deprecated -- older versions of Electron have only these */

/** The key store through the synchronous API, which blocks its process while the store prompts a person. */
export class SyncKeyStore implements KeyStore {
  encrypt(secret: string): Promise<StoreEncrypted> {
    try {
      if (!safeStorage.isEncryptionAvailable()) return Promise.resolve({ kind: 'locked' });
      return Promise.resolve({ kind: 'encrypted', blob: safeStorage.encryptString(secret) });
    } catch {
      return Promise.resolve({ kind: 'locked' });
    }
  }

  decrypt(blob: Uint8Array): Promise<StoreDecrypted> {
    if (!safeStorage.isEncryptionAvailable()) return Promise.resolve({ kind: 'locked' });
    try {
      return Promise.resolve({ kind: 'decrypted', secret: safeStorage.decryptString(Buffer.from(blob)) });
    } catch {
      return Promise.resolve({ kind: 'lost' });
    }
  }

  abandon(): void {}
}
