import type { CachedVerdict } from '../../gate/call-log';
import type { KnownSecret } from '../../policy/policy';
import type { CallVerdict } from '../../gate/call';
import type { Aggregate } from './aggregate';
import type { AggregateTable } from './aggregate-table';

/**
 * The verdicts of calls whose row of the log is open. A verdict is a function of the secret, the account's policy and the time, so it
 * is stale for these reasons alone. It goes with its row, which bounds the memory.
 */
export class VerdictCache {
  readonly #folds: Pick<AggregateTable, 'of'>;

  constructor(folds: Pick<AggregateTable, 'of'>) {
    this.#folds = folds;
  }

  /** The open row of the log whose verdict holds for a call of the secret from the address, with that verdict. */
  find(
    secret: KnownSecret,
    ip: string,
    now: number,
  ): { readonly fold: Aggregate; readonly verdict: CallVerdict } | undefined {
    for (const fold of this.#folds.of(secret.keyId, ip) ?? []) {
      const { cached } = fold;
      if (cached !== undefined && holds(fold, cached, secret, now)) return { fold, verdict: cached.verdict };
    }
    return undefined;
  }
}

function holds({ facts }: Aggregate, cached: CachedVerdict, secret: KnownSecret, now: number): boolean {
  return (
    cached.secret === secret &&
    cached.policyVersion === facts.policy.version &&
    now >= cached.since &&
    now < cached.until
  );
}
