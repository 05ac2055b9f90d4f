import { safeStorage } from 'electron';
import type { Vault, VaultStatus } from '../core/ports';

/** The asynchronous half of safeStorage, which older versions of Electron do not have. */
type Storage = Partial<
  Pick<typeof safeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>
>;

/** The system's key store through Electron. */
export function createVault(platform: NodeJS.Platform): Vault {
  // In a variable of the weaker type, so that the checks below are no lies to the compiler.
  const storage: Storage = safeStorage;

  const status = async (): Promise<VaultStatus> => {
    // With this "store" Chromium encrypts with a password that is in its source code: as good as plain text.
    if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
      return { encrypted: false, reason: 'This desktop has no key store such as GNOME Keyring or KWallet.' };
    }
    const available = (await storage.isAsyncEncryptionAvailable?.()) ?? isAvailable();
    return available
      ? { encrypted: true, reason: null }
      : { encrypted: false, reason: 'The key store of the system does not answer.' };
  };

  return {
    status,
    async encrypt(secret) {
      if (!(await status()).encrypted) return null;
      return (await storage.encryptStringAsync?.(secret)) ?? encrypt(secret);
    },
    async decrypt(blob) {
      if (!(await status()).encrypted) return null;
      try {
        const bytes = Buffer.from(blob);
        return (await storage.decryptStringAsync?.(bytes))?.result ?? decrypt(bytes);
      } catch {
        // Written by another user or with a key that is gone.
        return null;
      }
    },
  };
}

/* oxlint-disable typescript/no-deprecated -- the only ones that older versions of Electron have */
const isAvailable = (): boolean => safeStorage.isEncryptionAvailable();
const encrypt = (secret: string): Uint8Array => safeStorage.encryptString(secret);
const decrypt = (blob: Buffer): string => safeStorage.decryptString(blob);
