import type { Effect, Mode, RangeSource, Reason, Verdict } from '#shared/domain/entities';

/** Facts about the key of a request. */
export type KeyFact =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown' }
  /** The request contains different keys. */
  | { readonly kind: 'ambiguous' }
  /** Revoked, or rotated and past its grace. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'valid' };

export interface VerdictFacts {
  readonly key: KeyFact;
  /** The effective mode at the time of the call. */
  readonly mode: Mode;
  /** The effect of the longest unexpired range for the address and key. */
  readonly match: Effect | undefined;
  /** The trust review's answer; undefined if it was not asked, which counts as not trusted. */
  readonly trusted: boolean | undefined;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reason: Reason;
}

function allowed(reason: Reason): Decision {
  return { verdict: 'allowed', reason };
}

function blocked(reason: Reason): Decision {
  return { verdict: 'blocked', reason };
}

/** The table of docs/behaviour.md 1.1, row by row; the first that fits wins. */
export function decide({ key, mode, match, trusted }: VerdictFacts): Decision {
  if (key.kind === 'missing') return blocked('missing_key');
  if (key.kind === 'unknown') return blocked('invalid_key');
  if (key.kind === 'ambiguous') return blocked('ambiguous_key');
  if (key.kind === 'ended') return blocked('revoked_key');
  if (mode === 'deactivated') return allowed('deactivated');
  if (match === 'deny') return blocked('denied');
  if (match === 'authorize') return allowed('authorized');
  if (mode === 'learning') return allowed('learned');
  if (mode === 'automatic') return trusted === true ? allowed('trusted') : blocked('untrusted');
  return blocked('unknown');
}

/** Whether the table gets as far as asking the trust review (rows 9 and 10). */
export function asksTrustReview({ key, mode, match }: Omit<VerdictFacts, 'trusted'>): boolean {
  return key.kind === 'valid' && mode === 'automatic' && match === undefined;
}

/** Returns true if a block for this reason opens a review. */
export function opensReview(reason: Reason): boolean {
  return reason === 'untrusted' || reason === 'unknown';
}

/** Returns the source of the grant that a call with this reason adds, if it adds one. */
export function grantSourceOf(reason: Reason): Extract<RangeSource, 'learning' | 'automatic'> | undefined {
  if (reason === 'learned') return 'learning';
  return reason === 'trusted' ? 'automatic' : undefined;
}
