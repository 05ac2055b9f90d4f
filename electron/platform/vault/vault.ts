import { existsSync } from 'node:fs';
import { safeStorage } from 'electron';
import type { DecryptOutcome, EncryptOutcome, Log, Vault } from '../../core/ports';
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
  /** Returns the command line of a helper that holds the synchronous key store. */
  readonly helperCommand: () => { readonly program: string; readonly args: readonly string[] };
}

/** Returns the system's key store, through the API that does not block this process while the store prompts a person. */
export function createVault({ platform, env, log, helperCommand }: VaultParts): Vault {
  const address = platform === 'linux' ? sessionBusAddress(env, existsSync) : undefined;
  const service = address === undefined ? undefined : new SecretService(address, log);
  // Windows never prompts, and every supported macOS has the asynchronous API.
  const older = (): KeyStore =>
    platform === 'linux' ? new KeyStoreHelper(helperCommand, log) : new SyncKeyStore();
  const store = hasAsyncKeyStore() ? new AsyncKeyStore(platform) : older();
  return new PatientVault({ store, service, platform, log });
}

export interface PatientVaultParts {
  readonly store: KeyStore;
  /** Unlocked before the store is used, where the store implements the Secret Service. */
  readonly service: Pick<SecretService, 'unlock' | 'abandon'> | undefined;
  readonly platform: NodeJS.Platform;
  readonly log: Log;
}

/** Prompts a person once for any number of callers. */
export class PatientVault implements Vault {
  readonly #store: KeyStore;
  readonly #service: PatientVaultParts['service'];
  readonly #platform: NodeJS.Platform;
  readonly #log: Log;
  #isDeclined = false;
  /** Raised by {@link askAgain}, so that outcomes of earlier calls are ignored. */
  #round = 0;

  constructor({ store, service, platform, log }: PatientVaultParts) {
    this.#store = store;
    this.#service = service;
    this.#platform = platform;
    this.#log = log;
  }

  canKeep(): boolean {
    // With this backend Chromium's password is a constant in its source code, which is as good as plain text.
    return this.#platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
  }

  async encrypt(secret: string): Promise<EncryptOutcome> {
    const outcome = await this.#ask<EncryptOutcome>(() => this.#store.encrypt(secret));
    if (outcome.kind !== 'encrypted' || !this.#isReadableByAnybody(outcome.blob)) return outcome;
    return this.#decline('basic_text');
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
  ): Promise<T | typeof LOCKED | { readonly kind: 'unavailable' }> {
    if (!this.canKeep()) return { kind: 'unavailable' };
    if (this.#isDeclined) return LOCKED;
    const round = this.#round;
    const isUnlocked = await this.#unlock();
    // Meanwhile `askAgain` or `close` was called.
    if (round !== this.#round) return LOCKED;
    if (!isUnlocked) return this.#decline('dismissed');
    const outcome = await work();
    if (round !== this.#round) return LOCKED;
    return outcome.kind === 'locked' ? this.#decline('not_opened') : outcome;
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

  /** If the key store on Linux does not open, newer versions of Electron fall back to `basic_text`. */
  #isReadableByAnybody(blob: Uint8Array): boolean {
    return this.#platform === 'linux' && Buffer.from(blob.subarray(0, 3)).toString('latin1') === 'v10';
  }
}
