import type { ServiceRef } from '#shared/ipc/contract';
import type { Notices } from './notices';
import type { DecryptOutcome, Vault } from './ports';
import type { ProfileStore } from './store/profile';

const NOT_KEPT = 'token-not-kept';

/**
 * Keeps the access token between starts, in the system's key store. The store may ask a person first, so the connection
 * is made without waiting for it, and the profile gets the encrypted token when it comes.
 */
export class TokenKeeper {
  readonly #vault: Vault;
  readonly #profile: ProfileStore;
  readonly #notices: Notices;
  /** The token of the connection, until it is kept or replaced. */
  #unkept: { readonly service: ServiceRef; readonly token: string } | null = null;

  /** The reading that counts. */
  #reading: symbol | null = null;

  constructor(vault: Vault, profile: ProfileStore, notices: Notices) {
    this.#vault = vault;
    this.#profile = profile;
    this.#notices = notices;
  }

  /** Encrypts a token that a person has entered. Resolves when it is known what became of it. */
  async keep(service: ServiceRef, token: string): Promise<void> {
    const mine = { service, token };
    this.#unkept = mine;
    this.#notices.dismiss(NOT_KEPT);
    const outcome = await this.#vault.encrypt(token);
    // Another service, or none, has been chosen meanwhile; or a person had it asked again.
    if (this.#unkept !== mine || this.#profile.read().service?.url !== service.url) return;
    switch (outcome.kind) {
      case 'encrypted':
        this.#unkept = null;
        this.#profile.update({ encryptedToken: Buffer.from(outcome.blob).toString('base64') });
        break;
      case 'unavailable':
        // Said in a banner, whether there is a token or not.
        break;
      case 'locked':
        this.#notices.add({
          id: NOT_KEPT,
          severity: 'warning',
          title: 'The access token is kept for this session only',
          message:
            'The key store of this desktop was not opened. Without it the token has to be entered again at the next start.',
          action: 'keep_token',
        });
        break;
    }
  }

  /** Has the key store ask again for a token that it did not take. */
  async keepAgain(): Promise<void> {
    if (this.#unkept === null) return;
    const { service, token } = this.#unkept;
    this.askAgain();
    await this.keep(service, token);
  }

  /** The token of an earlier start; undefined when it has been asked for again since. */
  async read(encryptedToken: string): Promise<DecryptOutcome | undefined> {
    const mine = Symbol('reading');
    this.#reading = mine;
    const outcome = await this.#vault.decrypt(Buffer.from(encryptedToken, 'base64'));
    return this.#reading === mine ? outcome : undefined;
  }

  /** Has the key store ask again for what it was asked before. */
  askAgain(): void {
    this.#reading = null;
    this.#vault.askAgain();
  }

  /** There is no connection any more that the token would be for. */
  forget(): void {
    this.#unkept = null;
    this.#notices.dismiss(NOT_KEPT);
  }
}
