/** Access to the system's key store. A call may last as long as a person takes to answer the store's prompt. */
export interface KeyStore {
  encrypt(secret: string): Promise<StoreEncrypted>;
  decrypt(blob: Uint8Array): Promise<StoreDecrypted>;
  /** Ends the calls that still wait; the next one prompts again where the store allows that. */
  abandon(): void;
}

export type StoreEncrypted =
  { readonly kind: 'encrypted'; readonly blob: Uint8Array } | { readonly kind: 'locked' };

export type StoreDecrypted =
  | { readonly kind: 'decrypted'; readonly secret: string }
  | { readonly kind: 'locked' }
  | { readonly kind: 'lost' };
