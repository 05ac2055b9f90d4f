import {
  isNetworkRow,
  type Account,
  type Attempt,
  type Range,
  type Reason,
  type Review,
} from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { rangeName } from './range-words';

/** Stands in for a value that only a newer console knows. */
export const SOMETHING_NEW = 'Something new';
export const SOMETHING_NEW_SENTENCE =
  'The service says something about it that this console does not know. Update this console.';

/** Short words for a column, in the order of the enforcement rules. */
export const REASON_WORDS: Readonly<Record<Attempt['reason'], string>> = {
  missing_key: 'No key sent',
  invalid_key: 'Key not known',
  ambiguous_key: 'More than one key sent',
  revoked_key: 'Key revoked',
  deactivated: 'Protection deactivated',
  denied: 'Denied range',
  authorized: 'Authorized range',
  learned: 'Learned',
  trusted: 'Trusted by review',
  untrusted: 'Not trusted',
  unknown: 'Unknown address',
  unrecognised: SOMETHING_NEW,
};

/** Reasons that can occur in an account's log. Without a known key there is no account to log to. */
export const LOGGED_REASONS: readonly Reason[] = [
  'authorized',
  'learned',
  'trusted',
  'deactivated',
  'unknown',
  'untrusted',
  'denied',
  'revoked_key',
];

const sentenceOf: Readonly<Record<Attempt['reason'], (range: string) => string>> = {
  unrecognised: () => SOMETHING_NEW_SENTENCE,
  missing_key: () => 'Blocked because the call carried no API key.',
  invalid_key: () => 'Blocked because the key of the call is not known.',
  ambiguous_key: () => 'Blocked because the call carried more than one API key.',
  revoked_key: () =>
    'Blocked because this API key was revoked, or was replaced by a new secret and its grace is over.',
  deactivated: () => 'Allowed because protection is deactivated: every address is accepted.',
  denied: (range) => `Blocked because the most specific range for this address denies it: ${range}.`,
  authorized: (range) => `Allowed because the most specific range for this address authorizes it: ${range}.`,
  learned: (range) =>
    `Allowed because the account was still learning: the address was authorized when it was first seen, through ${range}.`,
  trusted: (range) => `Allowed because the trust review found the address trustworthy and added ${range}.`,
  untrusted: () =>
    'Blocked because no range authorizes this address, and in automatic mode it was not found trustworthy.',
  unknown: () =>
    'Blocked because no range authorizes this address, and in manual mode a person decides about it.',
};

/** Explains the verdict of an attempt. `range` is the matching range; null if it is gone. */
export function whySentence(attempt: Attempt, range: Range | null): string {
  if (attempt.verdict === UNRECOGNISED) return SOMETHING_NEW_SENTENCE;
  if (isNetworkRow(attempt)) return floodSentence(attempt);
  if (attempt.reason === 'learned' && attempt.rangeId === null) {
    return 'Allowed because the account was still learning. Nothing was authorized: this is the address of a trusted proxy.';
  }
  return sentenceOf[attempt.reason](
    range === null ? 'a range that has been removed since' : rangeName(range),
  );
}

/** In a flood each address gets its own verdict, but the log keeps only the networks. */
function floodSentence({ verdict, reason }: Attempt): string {
  return (
    `${verdict === 'allowed' ? 'Allowed' : 'Blocked'} one by one (${REASON_WORDS[reason].toLowerCase()}). The key was used from so many ` +
    'addresses within an hour that the log keeps only their networks.'
  );
}

/** Explains why a review was opened. */
export function reviewSentence(reason: Review['reason']): string {
  switch (reason) {
    case 'untrusted':
      return 'No range authorizes this address and it was not found trustworthy. Calls from it are blocked.';
    case 'unknown':
      return 'No range authorizes this address. Calls from it are blocked until you decide.';
    case 'denied':
      return 'A range denies this address. Calls from it are blocked.';
    case UNRECOGNISED:
      return SOMETHING_NEW_SENTENCE;
    default:
      return `${REASON_WORDS[reason]}. Calls from this address are blocked.`;
  }
}

export function modeName(mode: Account['mode']): string {
  return t(`words.mode_${mode}`);
}
