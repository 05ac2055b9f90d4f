/** One way to the system's key store. A call takes as long as a person takes to answer the store's own question. */
export interface KeyStore {
  encrypt(secret: string): Promise<StoreEncrypted>;
  decrypt(blob: Uint8Array): Promise<StoreDecrypted>;
  /** Gives up the calls that still wait; the next one asks anew, where the store allows that. */
  abandon(): void;
}

export type StoreEncrypted =
  { readonly kind: 'encrypted'; readonly blob: Uint8Array } | { readonly kind: 'locked' };

export type StoreDecrypted =
  | { readonly kind: 'decrypted'; readonly secret: string }
  | { readonly kind: 'locked' }
  | { readonly kind: 'lost' };
