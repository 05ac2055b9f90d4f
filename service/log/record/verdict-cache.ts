import type { CachedVerdict } from '../../gate/call-log';
import type { KnownSecret } from '../../policy/policy-directory';
import type { Aggregate } from './aggregate';
import type { OpenAggregates } from './open-aggregates';

/**
 * Finds the cached verdict that holds for the secret and address, with its aggregate. Verdicts live on the open aggregates and
 * end with them; that bounds the memory. A verdict depends on the secret, the policy and the time alone, so that comparing
 * these three suffices.
 */
export function findCached(
  aggregates: Pick<OpenAggregates, 'of'>,
  secret: KnownSecret,
  ip: string,
  now: number,
): { readonly aggregate: Aggregate; readonly cached: CachedVerdict } | undefined {
  for (const aggregate of aggregates.of(secret.keyId, ip) ?? []) {
    const { cached, facts } = aggregate;
    const holds =
      cached?.secret === secret &&
      cached.policyVersion === facts.policy.version &&
      now >= cached.since &&
      now < cached.until;
    if (holds) return { aggregate, cached };
  }
  return undefined;
}
