import { z } from 'zod';
import type { ServiceRef, Welcome } from '#shared/ipc/connection';
import type { Log, Vault } from './ports';
import type { Settings } from './store/settings';
import { messageOf } from './text';

const SETTING = 'welcome';
const storedSchema = z.object({ keyName: z.string(), encryptedSecret: z.string() });

interface Offered {
  readonly keyName: string;
  readonly secret: string;
}

/** RFC 5737 reserves this address for documentation, so no list contains it. */
const EXAMPLE_ADDRESS = '203.0.113.9';

/** Holds the first key's secret until a person dismisses it. It outlives this run only where the system can encrypt it. */
export class WelcomeKeeper {
  readonly #settings: Settings;
  readonly #vault: Vault;
  readonly #log: Log;
  #offered: Offered | null = null;
  /** The read from the key store, which may be prompting a person. */
  #restoring: Promise<Offered | null> | null = null;

  constructor(settings: Settings, vault: Vault, log: Log) {
    this.#settings = settings;
    this.#vault = vault;
    this.#log = log;
  }

  /** Shows the secret from now on. The key store encrypts it in the background. */
  offer(keyName: string, secret: string): void {
    this.#offered = { keyName, secret };
    this.#keep(this.#offered).catch((error: unknown) =>
      this.#log.error('welcome.not_kept', { message: messageOf(error) }),
    );
  }

  /** Returns the welcome for the embedded service, or null if it was dismissed or another service is in use. */
  async get(service: ServiceRef | null): Promise<Welcome | null> {
    if (service?.kind !== 'embedded') return null;
    if (this.#offered === null) {
      this.#restoring ??= this.#restore();
      const restored = await this.#restoring;
      this.#restoring = null;
      this.#offered ??= restored;
    }
    if (this.#offered === null) return null;
    const { keyName, secret } = this.#offered;
    return { serviceUrl: service.url, keyName, secret, curl: curlLine(service.url, secret) };
  }

  dismiss(): void {
    this.#settings.remove(SETTING);
    this.#offered = null;
  }

  async #keep(offered: Offered): Promise<void> {
    const outcome = await this.#vault.encrypt(offered.secret);
    // A person may have dismissed it while the key store was prompting.
    if (outcome.kind !== 'encrypted' || this.#offered !== offered) return;
    const encryptedSecret = Buffer.from(outcome.blob).toString('base64');
    this.#settings.note(SETTING, { keyName: offered.keyName, encryptedSecret });
  }

  async #restore(): Promise<Offered | null> {
    const stored = this.#settings.read(SETTING, storedSchema);
    if (stored === null) return null;
    const outcome = await this.#vault.decrypt(Buffer.from(stored.encryptedSecret, 'base64'));
    if (outcome.kind !== 'decrypted' || this.#settings.read(SETTING, storedSchema) === null) return null;
    return { keyName: stored.keyName, secret: outcome.secret };
  }
}

/** Returns one line for a terminal. Its header stands for a proxy: the service trusts this computer to be one. */
export function curlLine(serviceUrl: string, secret: string): string {
  return `curl -i -H 'api-key: ${secret}' -H 'X-Forwarded-For: ${EXAMPLE_ADDRESS}' ${serviceUrl}/v1/check`;
}
