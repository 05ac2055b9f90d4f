import { create } from 'zustand';
import type { RangeSource } from '#shared/domain/entities';
import { NO_SELECTION, type Selection } from './selection';

export type RangeSort =
  'range' | 'size' | 'label' | 'source' | 'key' | 'added' | 'author' | 'expires' | 'lastUsed' | 'uses';

export const RANGE_ENDS = ['expired', 'week', 'never'] as const;

/** Null does not filter. */
export interface RangesFilter {
  readonly source: RangeSource | null;
  /** The id of a key; empty for ranges that hold for all keys. */
  readonly keyId: string | null;
  readonly ends: (typeof RANGE_ENDS)[number] | null;
  readonly unusedDays: number | null;
}

export const emptyRangesFilter: RangesFilter = { source: null, keyId: null, ends: null, unusedDays: null };

interface RangesListState extends Selection {
  readonly filter: RangesFilter;
  readonly sort: { readonly by: RangeSort; readonly isDescending: boolean };
}

/** The filters, order and marks of the ranges. They outlive the screen. */
export const useRangesList = create<RangesListState>(() => ({
  ...NO_SELECTION,
  filter: emptyRangesFilter,
  sort: { by: 'range', isDescending: false },
}));

/** Facts of which the highest, the latest or the most is looked for. */
const DESCENDING_FIRST: ReadonlySet<string> = new Set<RangeSort>(['size', 'added', 'lastUsed', 'uses']);

export function sortRangesBy(by: RangeSort): void {
  useRangesList.setState(({ sort }) => ({
    sort: { by, isDescending: sort.by === by ? !sort.isDescending : DESCENDING_FIRST.has(by) },
  }));
}

export function filterRanges(change: Partial<RangesFilter>): void {
  useRangesList.setState(({ filter }) => ({ filter: { ...filter, ...change } }));
}
