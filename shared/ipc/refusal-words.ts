import { language } from '../i18n/language';
import { t } from '../i18n/t';

/** The codes that have words in the catalogue: those of the service, and those of this console. */
const CODES = [
  'already_decided',
  'covered',
  'duplicate',
  'email_taken',
  'expired',
  'forbidden',
  'host_bits_cleared',
  'internal',
  'invalid_cidr',
  'invalid_effect',
  'invalid_expiry',
  'invalid_key',
  'invalid_label',
  'kept_by_source',
  'last_owner',
  'limit_reached',
  'mapped_to_ipv4',
  'not_found',
  'opens_denial',
  'payload_too_large',
  'range_in_label',
  'rescued',
  'several_ranges',
  'shrunk',
  'stale',
  'token_expired',
  'too_many_attempts',
  'too_wide',
  'unauthorized',
  'unavailable',
  'unrecognised',
  'void_by_denial',
  'waited_too_long',
  'would_block',
] as const;

/**
 * Returns a refusal, or a note about a range, in words. The service's detail says more than a code does, but says it in English, so that other languages
 * have it only for codes that they do not know. Refusals of this console have no detail.
 */
export function refusalWords(code: string, detail: string): string {
  const known = CODES.find((each) => each === code);
  // The service tells programs how to confirm; a person is asked instead.
  const isReadable = detail !== '' && language() === 'en' && code !== 'would_block';
  return known === undefined || isReadable ? detail : t(`refusals.code_${known}`);
}
