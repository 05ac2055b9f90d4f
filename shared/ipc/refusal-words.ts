import { language } from '../i18n/language';
import { t } from '../i18n/t';

/** The codes that have words in the catalogue: those of the service, and those of this console. */
const CODES = [
  'already_decided',
  'duplicate',
  'email_taken',
  'expired',
  'forbidden',
  'internal',
  'invalid_cidr',
  'last_owner',
  'limit_reached',
  'not_found',
  'payload_too_large',
  'rescued',
  'stale',
  'token_expired',
  'too_many_attempts',
  'too_wide',
  'unauthorized',
  'unavailable',
  'unrecognised',
  'waited_too_long',
  'would_block',
] as const;

/**
 * Returns a refusal in words. The service's detail says more than a code does, but says it in English, so that other languages
 * have it only for codes that they do not know. Refusals of this console have no detail.
 */
export function refusalWords(code: string, detail: string): string {
  const known = CODES.find((each) => each === code);
  // The service tells programs how to confirm; a person is asked instead.
  const isReadable = detail !== '' && language() === 'en' && code !== 'would_block';
  return known === undefined || isReadable ? detail : t(`refusals.code_${known}`);
}
