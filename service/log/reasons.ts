import type { Reason, Verdict } from '#shared/domain/entities';

/** The verdict of each reason (docs/behaviour.md 1.1). The log has no index of verdicts and uses that of reasons. */
export const VERDICT_OF: Readonly<Record<Reason, Verdict>> = {
  missing_key: 'blocked',
  invalid_key: 'blocked',
  ambiguous_key: 'blocked',
  revoked_key: 'blocked',
  deactivated: 'allowed',
  denied: 'blocked',
  authorized: 'allowed',
  learned: 'allowed',
  trusted: 'allowed',
  reported: 'allowed',
  untrusted: 'blocked',
  unknown: 'blocked',
};

/** The log belongs to an account, and these calls to none. */
const NEVER_LOGGED: readonly Reason[] = ['missing_key', 'invalid_key', 'ambiguous_key'];

/** Returns the reasons with this verdict that occur in the log. */
export function loggedReasonsOf(verdict: Verdict): readonly Reason[] {
  return (Object.keys(VERDICT_OF) as Reason[]).filter(
    (reason) => VERDICT_OF[reason] === verdict && !NEVER_LOGGED.includes(reason),
  );
}
