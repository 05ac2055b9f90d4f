import { t } from '../i18n/t';
import type { Cidr } from './cidr';

/** The reasons for which a text is refused. The codes are stable, because clients may branch on them. */
export const IP_TEXT_ERROR_CODES = [
  // The text as a whole
  'empty',
  'too_long',
  'extra_text',
  'unexpected_character',
  'host_name',
  'url',
  'port',
  'brackets',
  'zone_id',
  'not_an_address',
  'not_one_address',
  // IPv4
  'leading_zero',
  'hex',
  'single_number',
  'short_without_prefix',
  'missing_octet',
  'octet_out_of_range',
  'too_many_octets',
  // IPv6
  'missing_group',
  'group_too_long',
  'group_count',
  'repeated_double_colon',
  // After the slash
  'prefix_not_a_number',
  'prefix_out_of_range',
  'repeated_slash',
  'mapped_prefix_too_short',
  'invalid_mask',
  // Wildcards
  'wildcard_position',
  'wildcard_short',
  'wildcard_ipv6',
  'wildcard_with_prefix',
  // Dashes
  'incomplete_range',
  'repeated_dash',
  'range_of_ranges',
  'short_range_end',
  'mixed_families',
  'reversed_range',
  'mapped_in_range',
  // Understood, but to be confirmed
  'too_wide',
] as const;

export type IpTextErrorCode = (typeof IP_TEXT_ERROR_CODES)[number];

export interface IpTextError {
  readonly code: IpTextErrorCode;
  /** One sentence for a person. It names the offending part and, if there is one, the right spelling. */
  readonly message: string;
  /** Only with `too_wide`: the meaning of the text, so that a caller can ask for confirmation. */
  readonly cidrs?: readonly Cidr[];
}

export interface IpTextFailure {
  readonly ok: false;
  readonly error: IpTextError;
}

/** Includes white space. The longest valid text is two IPv6 addresses of 45 characters with a dash between. */
export const MAX_IP_TEXT_LENGTH = 256;

const MAX_QUOTED_LENGTH = 100;

/** Makes the message when it is read, because most callers need the code at most. */
export function failure(code: IpTextErrorCode, message: () => string): IpTextFailure {
  return {
    ok: false,
    error: {
      code,
      get message() {
        return message();
      },
    },
  };
}

export function tooLong(text: string): IpTextFailure {
  return failure('too_long', () =>
    t('ip.tooLong', { text: quoted(text.slice(0, 20) + '…'), length: text.length }),
  );
}

/**
 * Quotes text for a message: cut when long, with invisible characters (controls, direction marks, odd spaces) as their
 * codes, so that it cannot disguise the message.
 */
export function quoted(text: string): string {
  const shown = text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
  return t('ip.quoted', { text: shown.replace(/\p{C}|(?! )\p{Z}/gu, codePointName) });
}

function codePointName(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `<U+${hex}>`;
}
