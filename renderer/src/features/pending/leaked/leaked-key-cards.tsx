import { useMemo } from 'react';
import type { Review } from '#shared/domain/entities';
import { leaksToShow } from '../../../domain/leaked-keys';
import { useLeaks } from '../../../stores/leaks';
import { LeakedKeyCard } from './leaked-key-card';

/** A card for each key that is probably leaked. */
export function LeakedKeyCards({ pending }: { readonly pending: readonly Review[] }) {
  const begun = useLeaks(({ byKey }) => byKey);
  const leaks = useMemo(() => leaksToShow(pending, begun), [pending, begun]);
  return leaks.map((leak) => <LeakedKeyCard key={leak.keyId} leak={leak} pending={pending} />);
}
