import { useDeferredValue, useMemo } from 'react';
import type { Range } from '#shared/domain/entities';
import { MINUTE_MS } from '#shared/durations';
import { useMirror } from '../../../stores/mirror';
import { useRangesList } from '../../../stores/ranges-list';
import { useUi } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { findRanges } from './find-ranges';
import { keyWords } from './range-facts';
import { sortRanges } from './sort-ranges';

/** Returns the ranges that fit search and filters, in order. Typing does not wait for a long list. */
export function useShownRanges(): readonly Range[] {
  const effect = useUi((ui) => ui.rangesTab);
  const search = useDeferredValue(useUi((ui) => ui.rangesSearch));
  const filter = useRangesList((list) => list.filter);
  const sort = useRangesList((list) => list.sort);
  const ranges = useDeferredValue(useMirror((mirror) => mirror.ranges));
  const keys = useMirror((mirror) => mirror.keys);
  const nowMs = useNow();
  // The other filters do not depend on the time, and the list is long.
  const isOfTime = filter.ends !== null || filter.unusedDays !== null;
  const atMs = isOfTime ? Math.floor(nowMs / MINUTE_MS) * MINUTE_MS : 0;
  const found = useMemo(
    () => findRanges(ranges.values(), { effect, search, filter }, (keyId) => keyWords(keys, keyId), atMs),
    [ranges, keys, effect, search, filter, atMs],
  );
  return useMemo(() => sortRanges(found, sort, (keyId) => keyWords(keys, keyId)), [found, sort, keys]);
}
