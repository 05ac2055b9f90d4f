/** The verdicts of calls: short words for columns, sentences that explain, and why a review was opened. */
export const reasons = {
  verdict_allowed: 'Allowed',
  verdict_blocked: 'Blocked',
  verdict_reported: 'Reported',
  verdict_unrecognised: 'New',
  somethingNew: 'Something new',
  somethingNewSentence:
    'The service says something about it that this console does not know. Update this console.',
  short_missing_key: 'No key sent',
  short_invalid_key: 'Key not known',
  short_ambiguous_key: 'More than one key sent',
  short_revoked_key: 'Key revoked',
  short_deactivated: 'Protection deactivated',
  short_denied: 'Denied range',
  short_authorized: 'Authorized range',
  short_learned: 'Learned',
  short_trusted: 'Trusted by review',
  short_reported: 'Would be blocked',
  short_untrusted: 'Not trusted',
  short_unknown: 'Unknown address',
  short_unrecognised: 'Something new',
  why_missing_key: 'Blocked because the call carried no API key.',
  why_invalid_key: 'Blocked because the key of the call is not known.',
  why_ambiguous_key: 'Blocked because the call carried more than one API key.',
  why_revoked_key:
    'Blocked because this API key was revoked, or was replaced by a new secret and its grace is over.',
  why_deactivated: 'Allowed because protection is deactivated: every address is accepted.',
  why_denied: 'Blocked because the most specific range for this address denies it: {{range}}.',
  why_authorized: 'Allowed because the most specific range for this address authorizes it: {{range}}.',
  why_learned:
    'Allowed because the account was still learning: the address was authorized when it was first seen, through {{range}}.',
  why_trusted: 'Allowed because the trust review found the address trustworthy and added {{range}}.',
  why_reported_untrusted:
    'Allowed because protection only reports. No range authorizes this address, and in automatic mode it was not found trustworthy: it would be blocked.',
  why_reported_unknown:
    'Allowed because protection only reports. No range authorizes this address, and in manual mode a person decides about it: it would be blocked.',
  why_untrusted:
    'Blocked because no range authorizes this address, and in automatic mode it was not found trustworthy.',
  why_unknown:
    'Blocked because no range authorizes this address, and in manual mode a person decides about it.',
  whyLearnedProxy:
    'Allowed because the account was still learning. Nothing was authorized: this is the address of a trusted proxy.',
  /** Stands in for a range in the sentences above. */
  removedRange: 'a range that has been removed since',
  flood_allowed:
    'Allowed one by one ({{reason}}). The key was used from so many addresses within an hour that the log keeps only their networks.',
  flood_blocked:
    'Blocked one by one ({{reason}}). The key was used from so many addresses within an hour that the log keeps only their networks.',
  review_untrusted:
    'No range authorizes this address and it was not found trustworthy. Calls from it are blocked.',
  review_unknown: 'No range authorizes this address. Calls from it are blocked until you decide.',
  review_denied: 'A range denies this address. Calls from it are blocked.',
  review_reported_untrusted:
    'No range authorizes this address and it was not found trustworthy. Protection only reports: calls from it are let in, and would be blocked.',
  review_reported_unknown:
    'No range authorizes this address. Protection only reports: calls from it are let in, and would be blocked until you decide.',
  reviewOther: '{{reason}}. Calls from this address are blocked.',
} as const;
