import { t } from '#shared/i18n/t';
import type { ServiceRef } from '#shared/ipc/connection';
import type { ConnectionNotices } from './notices';
import type { DecryptOutcome, Vault } from './ports';
import type { AccountProfile } from './store/profile';

const NOT_KEPT = 'token-not-kept';

/**
 * Keeps the access token between starts, in the system's key store. The store may prompt a person, so connecting does not
 * wait for it; the profile gets the encrypted token later.
 */
export class TokenKeeper {
  readonly #vault: Vault;
  readonly #profile: AccountProfile;
  readonly #notices: ConnectionNotices;
  /** The connection's token, until it is kept or replaced. */
  #unkept: { readonly service: ServiceRef; readonly token: string } | undefined;

  /** The latest read; earlier ones are ignored. */
  #reading: symbol | undefined;

  constructor(vault: Vault, profile: AccountProfile, notices: ConnectionNotices) {
    this.#vault = vault;
    this.#profile = profile;
    this.#notices = notices;
  }

  /** Encrypts a token that a person has entered. Resolves when its outcome is known. */
  async keep(service: ServiceRef, token: string): Promise<void> {
    const mine = { service, token };
    this.#unkept = mine;
    this.#notices.dismiss(NOT_KEPT);
    const outcome = await this.#vault.encrypt(token);
    // Meanwhile another service was chosen, or a person asked for another prompt.
    if (this.#unkept !== mine || this.#profile.read().service?.url !== service.url) return;
    switch (outcome.kind) {
      case 'encrypted':
        this.#unkept = undefined;
        this.#profile.update({ encryptedToken: Buffer.from(outcome.blob).toString('base64') });
        break;
      case 'unavailable':
        // A banner says so, with or without a token.
        break;
      case 'locked':
        this.#notices.add({
          id: NOT_KEPT,
          severity: 'warning',
          words: () => ({ title: t('notices.tokenNotKeptTitle'), message: t('notices.tokenNotKept') }),
          action: 'keep_token',
        });
        break;
    }
  }

  /** Lets the key store prompt again for a token that it did not take. */
  async keepAgain(): Promise<void> {
    if (this.#unkept === undefined) return;
    const { service, token } = this.#unkept;
    this.askAgain();
    await this.keep(service, token);
  }

  /** Returns the token of an earlier start, or undefined if a later read has replaced this one. */
  async read(encryptedToken: string): Promise<DecryptOutcome | undefined> {
    const mine = Symbol('reading');
    this.#reading = mine;
    const outcome = await this.#vault.decrypt(Buffer.from(encryptedToken, 'base64'));
    return this.#reading === mine ? outcome : undefined;
  }

  askAgain(): void {
    this.#reading = undefined;
    this.#vault.askAgain();
  }

  forget(): void {
    this.#unkept = undefined;
    this.#notices.dismiss(NOT_KEPT);
  }
}
