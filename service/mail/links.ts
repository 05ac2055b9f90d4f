import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashSecret } from '../account/secrets';
import type { MailAction } from '../storage/schema';

export const LINK_LIFETIME_MS = 24 * 60 * 60_000;

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits as text for a URL. */
export const newLinkToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** What is stored of a token. Undefined where the text cannot be a token. */
export const linkHash = (token: string): string | undefined =>
  TOKEN.test(token) ? hashSecret(token) : undefined;

/**
 * The hidden value of a page's form, without which a POST does nothing: programs that send an empty POST to every link
 * do not know it. It is made from the token, which the service does not keep, so it needs no storage and no shared
 * secret, and it is another one for each choice.
 */
export const confirmationOf = (token: string, action: MailAction): string =>
  createHmac('sha256', token).update(`confirm ${action}`).digest('base64url');

export const isConfirmation = (token: string, action: MailAction, given: string): boolean => {
  const expected = Buffer.from(confirmationOf(token, action));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
};

/** The addresses of one question in an e-mail. */
export interface LetterLinks {
  /** All choices on one page. */
  readonly open: string;
  readonly authorize: string;
  /** Null where the recipient may not update API keys. */
  readonly deny: string | null;
  readonly deactivate: string;
}

export const linksOf = (publicUrl: string, token: string, mayUpdateKeys: boolean): LetterLinks => {
  const open = `${publicUrl}/mail/${token}`;
  return {
    open,
    authorize: `${open}/authorize`,
    deny: mayUpdateKeys ? `${open}/deny` : null,
    deactivate: `${open}/deactivate`,
  };
};
