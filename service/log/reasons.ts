import type { Reason, Verdict } from '#shared/domain/entities';

/** The verdict that each reason goes with (docs/behaviour.md 1.1): the log finds a verdict by the index of reasons. */
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
  untrusted: 'blocked',
  unknown: 'blocked',
};

/** Calls without one known key belong to no account, so its log has none of them. */
const NEVER_LOGGED: readonly Reason[] = ['missing_key', 'invalid_key', 'ambiguous_key'];

/** The reasons that the log can have with this verdict. */
export const loggedReasonsOf = (verdict: Verdict): readonly Reason[] =>
  (Object.keys(VERDICT_OF) as Reason[]).filter(
    (reason) => VERDICT_OF[reason] === verdict && !NEVER_LOGGED.includes(reason),
  );
