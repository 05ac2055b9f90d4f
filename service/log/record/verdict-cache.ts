import type { CachedVerdict } from '../../gate/call-log';
import type { KnownSecret } from '../../policy/policy';
import type { CallVerdict } from '../../gate/call';
import type { Aggregate } from './aggregate';
import type { AggregateTable } from './aggregate-table';

/**
 * The cached verdicts, which live on the open aggregates and end with them; that bounds the memory. A verdict depends on
 * the secret, the policy and the time alone, so that comparing these three suffices.
 */
export class VerdictCache {
  readonly #aggregates: Pick<AggregateTable, 'of'>;

  constructor(aggregates: Pick<AggregateTable, 'of'>) {
    this.#aggregates = aggregates;
  }

  /** Returns the cached verdict that holds for the secret and address, with its aggregate. */
  find(
    secret: KnownSecret,
    ip: string,
    now: number,
  ): { readonly aggregate: Aggregate; readonly verdict: CallVerdict } | undefined {
    for (const aggregate of this.#aggregates.of(secret.keyId, ip) ?? []) {
      const { cached } = aggregate;
      if (cached !== undefined && holds(aggregate, cached, secret, now))
        return { aggregate, verdict: cached.verdict };
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
