import { z } from 'zod';
import type { ServiceRef, Welcome } from '#shared/ipc/contract';
import type { Vault } from './ports';
import type { Settings } from './store/settings';

const SETTING = 'welcome';
const storedSchema = z.object({ keyName: z.string(), encryptedSecret: z.string() });

/** An address of the documentation block (RFC 5737): nobody's, so it is unknown to every list. */
const EXAMPLE_ADDRESS = '203.0.113.9';

/**
 * The secret of the first key, shown until it is dismissed. Between starts of the app it is kept only where the system
 * can encrypt it; else it lasts for this run.
 */
export class WelcomeKeeper {
  readonly #settings: Settings;
  readonly #vault: Vault;
  #offered: { readonly keyName: string; readonly secret: string } | null = null;

  constructor(settings: Settings, vault: Vault) {
    this.#settings = settings;
    this.#vault = vault;
  }

  async offer(keyName: string, secret: string): Promise<void> {
    this.#offered = { keyName, secret };
    const blob = await this.#vault.encrypt(secret);
    if (blob === null) this.#settings.remove(SETTING);
    else this.#settings.note(SETTING, { keyName, encryptedSecret: Buffer.from(blob).toString('base64') });
  }

  /** The welcome for the embedded service, or null when there is none (any more) or another service is in use. */
  async get(service: ServiceRef | null): Promise<Welcome | null> {
    if (service?.kind !== 'embedded') return null;
    this.#offered ??= await this.#restore();
    if (this.#offered === null) return null;
    const { keyName, secret } = this.#offered;
    return { serviceUrl: service.url, keyName, secret, curl: curlLine(service.url, secret) };
  }

  dismiss(): void {
    this.#settings.remove(SETTING);
    this.#offered = null;
  }

  async #restore(): Promise<{ readonly keyName: string; readonly secret: string } | null> {
    const stored = this.#settings.read(SETTING, storedSchema);
    if (stored === null) return null;
    const secret = await this.#vault.decrypt(Buffer.from(stored.encryptedSecret, 'base64'));
    return secret === null ? null : { keyName: stored.keyName, secret };
  }
}

/** One line for a terminal. The header stands for a proxy in front: the service trusts this computer to be one. */
export const curlLine = (serviceUrl: string, secret: string): string =>
  `curl -i -H 'api-key: ${secret}' -H 'X-Forwarded-For: ${EXAMPLE_ADDRESS}' ${serviceUrl}/v1/check`;
