import type { ChangedPair as ToldPair } from '#shared/api/impact';
import { isoTime } from '../runtime/clock';
import type { AccountPolicy } from '../policy/policy';
import type { ChangedPair, Outcome } from './simulate-counts';

function outcomeOf({ verdict, reason }: Outcome): Outcome {
  return { verdict, reason };
}

export function changedPairOf(
  policy: AccountPolicy,
  { ip, keyId, calls, lastAt, before, after }: ChangedPair,
): ToldPair {
  return {
    ip,
    keyId,
    keyName: policy.keys.get(keyId)?.name ?? '',
    count: calls,
    lastAt: isoTime(lastAt),
    before: outcomeOf(before),
    after: outcomeOf(after),
  };
}
