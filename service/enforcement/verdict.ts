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
  /** True if the account or the key is set to report only. */
  readonly isReporting: boolean;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reason: Reason;
  /** The reason why the call would have been blocked, if it is reported; else null. */
  readonly wouldBe: Reason | null;
}

function allowed(reason: Reason): Decision {
  return { verdict: 'allowed', reason, wouldBe: null };
}

function blocked(reason: Reason): Decision {
  return { verdict: 'blocked', reason, wouldBe: null };
}

/** The outcome for an address that nothing authorizes: a block, or its report. */
export function refuse(reason: 'untrusted' | 'unknown', isReporting: boolean): Decision {
  return isReporting ? { verdict: 'allowed', reason: 'reported', wouldBe: reason } : blocked(reason);
}

/** The table of docs/behaviour.md 1.1, row by row; the first that fits wins. */
export function decide({ key, mode, match, trusted, isReporting }: VerdictFacts): Decision {
  if (key.kind === 'missing') return blocked('missing_key');
  if (key.kind === 'unknown') return blocked('invalid_key');
  if (key.kind === 'ambiguous') return blocked('ambiguous_key');
  if (key.kind === 'ended') return blocked('revoked_key');
  if (mode === 'deactivated') return allowed('deactivated');
  if (match === 'deny') return blocked('denied');
  if (match === 'authorize') return allowed('authorized');
  if (mode === 'learning') return allowed('learned');
  if (mode === 'automatic' && trusted === true) return allowed('trusted');
  return refuse(mode === 'automatic' ? 'untrusted' : 'unknown', isReporting);
}

/** Whether the table gets as far as asking the trust review (rows 9 and 10). */
export function asksTrustReview({ key, mode, match }: Pick<VerdictFacts, 'key' | 'mode' | 'match'>): boolean {
  return key.kind === 'valid' && mode === 'automatic' && match === undefined;
}

/** Returns true if a call with this reason opens a review. */
export function opensReview(reason: Reason): boolean {
  return reason === 'reported' || reason === 'untrusted' || reason === 'unknown';
}

/** Returns the source of the grant that a call with this reason adds, if it adds one. */
export function grantSourceOf(reason: Reason): Extract<RangeSource, 'learning' | 'automatic'> | undefined {
  if (reason === 'learned') return 'learning';
  return reason === 'trusted' ? 'automatic' : undefined;
}
