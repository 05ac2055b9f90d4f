import { hash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Characters of a secret; 40 of 62 are some 238 bits. */
const SECRET_LENGTH = 40;
/** Characters of an API key that stay visible, its mark included: enough to tell keys apart, useless to guess with. */
const PREFIX_LENGTH = 10;

/** Rejects the bytes above the last multiple of 62, so that each character is equally likely. */
const randomText = (length: number): string => {
  const limit = 256 - (256 % ALPHABET.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < limit && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return text;
};

export const newApiKeySecret = (): string => `gk_${randomText(SECRET_LENGTH)}`;
export const newAccessTokenSecret = (): string => `gt_${randomText(SECRET_LENGTH)}`;

export const visiblePrefix = (secret: string): string => secret.slice(0, PREFIX_LENGTH);

/** What is stored and looked up instead of a secret. The secrets are long and random, so a plain SHA-256 is enough. */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'hex');
