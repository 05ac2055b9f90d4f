import type { Effect, Mode, Reason, Verdict } from '#shared/domain/entities';

/** What is known of the key in a request. */
export type KeyFact =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown' }
  /** Revoked, or rotated and past its grace. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'valid' };

export interface VerdictFacts {
  readonly key: KeyFact;
  readonly mode: Mode;
  /** The effect of the longest unexpired range for the address and key, if there is one. */
  readonly match: Effect | undefined;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reason: Reason;
}

const allowed = (reason: Reason): Decision => ({ verdict: 'allowed', reason });
const blocked = (reason: Reason): Decision => ({ verdict: 'blocked', reason });

/** The table of SPEC 2, row by row; the first that fits wins. */
export const decide = ({ key, mode, match }: VerdictFacts): Decision => {
  if (key.kind === 'missing') return blocked('missing_key');
  if (key.kind === 'unknown') return blocked('invalid_key');
  if (key.kind === 'ended') return blocked('revoked_key');
  if (mode === 'deactivated') return allowed('deactivated');
  if (match === 'deny') return blocked('denied');
  if (match === 'authorize') return allowed('authorized');
  // Neither learning nor the trust review exists yet: an unknown address stays out and becomes a question.
  return mode === 'manual' ? blocked('unknown') : blocked('untrusted');
};

/** Whether a block of this kind asks an administrator. */
export const opensReview = (reason: Reason): boolean => reason === 'untrusted' || reason === 'unknown';
