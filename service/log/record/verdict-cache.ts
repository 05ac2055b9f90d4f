import type { CachedVerdict } from '../../gate/call-log';
import type { KnownSecret } from '../../policy/policy';
import type { CallVerdict } from '../../gate/call';
import type { Fold } from './aggregate';
import type { FoldTable } from './aggregate-table';

/**
 * The verdicts of calls whose row of the log is open. A verdict is a function of the secret, the account's policy and the time, so it
 * is stale for these reasons alone. It goes with its row, which bounds the memory.
 */
export class VerdictCache {
  readonly #folds: Pick<FoldTable, 'of'>;

  constructor(folds: Pick<FoldTable, 'of'>) {
    this.#folds = folds;
  }

  /** The open row of the log whose verdict holds for a call of the secret from the address, with that verdict. */
  find(
    secret: KnownSecret,
    ip: string,
    now: number,
  ): { readonly fold: Fold; readonly verdict: CallVerdict } | undefined {
    for (const fold of this.#folds.of(secret.keyId, ip) ?? []) {
      const { cached } = fold;
      if (cached !== undefined && holds(fold, cached, secret, now)) return { fold, verdict: cached.verdict };
    }
    return undefined;
  }
}

function holds({ facts }: Fold, cached: CachedVerdict, secret: KnownSecret, now: number): boolean {
  return (
    cached.secret === secret &&
    cached.policyVersion === facts.policy.version &&
    now >= cached.since &&
    now < cached.until
  );
}
