import { useMemo } from 'react';
import type { Review } from '#shared/domain/entities';
import { type LeakedKey, useLeaks } from '../../../stores/leaks';
import { LeakedKeyCard } from './leaked-key-card';
import { leakedKeys } from './leaked-keys';

/** A card for each key that is probably leaked. One whose steps have begun stays until it is put away. */
export function LeakedKeyCards({ pending }: { readonly pending: readonly Review[] }) {
  const found = useMemo(() => leakedKeys(pending), [pending]);
  const begun = useLeaks(({ byKey }) => byKey);
  const leaks = useMemo(() => {
    const byKey = new Map<string, LeakedKey>(found.map((leak) => [leak.keyId, leak]));
    for (const [keyId, { leak, isDismissed }] of begun) {
      const now = byKey.get(keyId);
      // What begins after it was put away is news.
      if (!isDismissed) byKey.set(keyId, leak);
      else if (now !== undefined && now.since <= leak.since) byKey.delete(keyId);
    }
    return [...byKey.values()];
  }, [found, begun]);
  return leaks.map((leak) => <LeakedKeyCard key={leak.keyId} leak={leak} pending={pending} />);
}
