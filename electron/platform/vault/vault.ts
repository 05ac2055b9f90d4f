import { existsSync } from 'node:fs';
import { safeStorage } from 'electron';
import type { DecryptOutcome, EncryptOutcome, Log, Vault, VaultStatus } from '../../core/ports';
import { sessionBusAddress } from '../notifications/session-bus';
import { AsyncKeyStore, hasAsyncKeyStore } from './async-key-store';
import { KeyStoreHelper } from './key-store-helper';
import type { KeyStore } from './key-store';
import { SecretService } from './secret-service';
import { SyncKeyStore } from './sync-key-store';

const LOCKED = { kind: 'locked' } as const;

export interface VaultParts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** The command line of a helper that holds the synchronous key store. */
  readonly helperCommand: () => { readonly program: string; readonly args: readonly string[] };
}

/** The system's key store through Electron, in the way that keeps this process free while the store asks a person. */
export function createVault({ platform, env, log, helperCommand }: VaultParts): Vault {
  const address = platform === 'linux' ? sessionBusAddress(env, existsSync) : null;
  const service = address === null ? undefined : new SecretService(address, log);
  const store = createStore({ platform, log, helperCommand });
  return new PatientVault({ store, service, platform, log });
}

function createStore({ platform, log, helperCommand }: Omit<VaultParts, 'env'>): KeyStore {
  if (hasAsyncKeyStore()) return new AsyncKeyStore(platform);
  // Windows asks nobody, and on macOS no version is in use that has not the asynchronous API.
  return platform === 'linux' ? new KeyStoreHelper(helperCommand, log) : new SyncKeyStore();
}

export interface PatientVaultParts {
  readonly store: KeyStore;
  /** What is unlocked before the store is asked, where the store is one of those. */
  readonly service: Pick<SecretService, 'unlock' | 'abandon'> | undefined;
  readonly platform: NodeJS.Platform;
  readonly log: Log;
}

/** Asks a person once, whatever wants to know how often. */
export class PatientVault implements Vault {
  readonly #store: KeyStore;
  readonly #service: PatientVaultParts['service'];
  readonly #platform: NodeJS.Platform;
  readonly #log: Log;
  #isDeclined = false;
  /** Of the calls since {@link askAgain}: older ones say nothing about how it stands now. */
  #round = 0;

  constructor({ store, service, platform, log }: PatientVaultParts) {
    this.#store = store;
    this.#service = service;
    this.#platform = platform;
    this.#log = log;
  }

  status(): VaultStatus {
    // With this "store" Chromium encrypts with a password that is in its source code: as good as plain text.
    return this.#platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text'
      ? { encrypted: false, reason: 'This desktop has no key store such as GNOME Keyring or KWallet.' }
      : { encrypted: true, reason: null };
  }

  async encrypt(secret: string): Promise<EncryptOutcome> {
    const outcome = await this.#ask<EncryptOutcome>(() => this.#store.encrypt(secret));
    if (outcome.kind !== 'encrypted' || !this.#isReadableByAnybody(outcome.blob)) return outcome;
    return this.#decline('encrypted with the password of Chromium’s source code');
  }

  decrypt(blob: Uint8Array): Promise<DecryptOutcome> {
    return this.#ask<DecryptOutcome>(() => this.#store.decrypt(blob));
  }

  askAgain(): void {
    this.#abandon();
    this.#isDeclined = false;
  }

  close(): void {
    this.#abandon();
    this.#isDeclined = true;
  }

  #abandon(): void {
    this.#round += 1;
    this.#service?.abandon();
    this.#store.abandon();
  }

  async #ask<T extends { readonly kind: string }>(
    work: () => Promise<T>,
  ): Promise<T | typeof LOCKED | { readonly kind: 'unavailable'; readonly reason: string }> {
    const { reason } = this.status();
    if (reason !== null) return { kind: 'unavailable', reason };
    if (this.#isDeclined) return LOCKED;
    const round = this.#round;
    const isUnlocked = await this.#unlock();
    // It was asked again meanwhile, or given up.
    if (round !== this.#round) return LOCKED;
    if (!isUnlocked) return this.#decline('a person closed its question');
    const outcome = await work();
    if (round !== this.#round) return LOCKED;
    return outcome.kind === 'locked' ? this.#decline('not opened') : outcome;
  }

  async #unlock(): Promise<boolean> {
    if (this.#service === undefined || safeStorage.getSelectedStorageBackend() !== 'gnome_libsecret')
      return true;
    return this.#service.unlock();
  }

  #decline(why: string): typeof LOCKED {
    if (!this.#isDeclined) this.#log.warn('key_store.locked', { why });
    this.#isDeclined = true;
    return LOCKED;
  }

  /** Where the key store on Linux does not open, newer versions fall back to what `basic_text` means. */
  #isReadableByAnybody(blob: Uint8Array): boolean {
    return this.#platform === 'linux' && Buffer.from(blob.subarray(0, 3)).toString('latin1') === 'v10';
  }
}
