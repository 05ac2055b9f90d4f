import { hash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 40 characters out of 62 hold about 238 bits. */
const SECRET_LENGTH = 40;
/** Visible characters of an API key, including `gk_`: enough to tell keys apart, too few to guess with. */
const PREFIX_LENGTH = 10;

/** Rejects bytes from the last multiple of 62 on, so that all characters are equally likely. */
function randomText(length: number): string {
  const limit = 256 - (256 % ALPHABET.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < limit && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return text;
}

export function newApiKeySecret(): string {
  return `gk_${randomText(SECRET_LENGTH)}`;
}
export function newAccessTokenSecret(): string {
  return `gt_${randomText(SECRET_LENGTH)}`;
}

export function visiblePrefix(secret: string): string {
  return secret.slice(0, PREFIX_LENGTH);
}

/** Returns what is stored instead of the secret. Secrets are long and random, so plain SHA-256 suffices. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}
