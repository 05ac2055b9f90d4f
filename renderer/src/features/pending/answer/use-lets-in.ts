import { useMemo } from 'react';
import type { Review } from '#shared/domain/entities';
import type { ScopeReading } from '../../../domain/answer';
import { useMirror } from '../../../stores/mirror';
import { useNow } from '../../../ui/clock';
import { type LetsIn, letsInBy, settledWith, type WantedRange, wantedRange } from '../../../domain/lets-in';

export interface LetsInReading {
  readonly wanted: WantedRange;
  readonly letsIn: LetsIn;
  readonly others: readonly Review[];
}

export function useLetsIn(review: Review, reading: ScopeReading, thisKeyOnly: boolean): LetsInReading | null {
  const ranges = useMirror((mirror) => mirror.ranges);
  const reviews = useMirror((mirror) => mirror.reviews);
  const nowMs = useNow();
  const { ip, keyId } = review;
  const text = 'text' in reading ? reading.text : null;
  const wanted = useMemo(
    () => (text === null ? null : wantedRange(text, thisKeyOnly ? keyId : null)),
    [text, thisKeyOnly, keyId],
  );
  const letsIn = useMemo(
    () => (wanted === null ? null : letsInBy(wanted, ranges, nowMs)),
    [wanted, ranges, nowMs],
  );
  const others = useMemo(
    () => (letsIn === null ? [] : settledWith({ ip, keyId }, letsIn, reviews.values())),
    [letsIn, ip, keyId, reviews],
  );
  return wanted === null || letsIn === null ? null : { wanted, letsIn, others };
}
