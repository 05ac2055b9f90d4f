import { coveredRanges } from '#shared/domain/covering-range';
import { type DecidingRange, decidingRangeOf, isExpired } from '#shared/domain/deciding-range';
import type { Range } from '#shared/domain/entities';
import { isUnusedFor } from '../list/find-ranges';

export const UNUSED_DAYS = 90;

export const TIDY_GROUPS = ['expired', 'covered', 'unused'] as const;
export type TidyGroup = (typeof TIDY_GROUPS)[number];

/** Removing an expired or covered range changes no verdict. An unused one may be needed again. */
export const IS_SAFE: Readonly<Record<TidyGroup, boolean>> = { expired: true, covered: true, unused: false };

export interface Proposal {
  readonly range: Range;
  /** The range that goes on deciding the same; null where none does. */
  readonly coveredBy: Range | null;
}

export type Proposals = Readonly<Record<TidyGroup, readonly Proposal[]>>;

/**
 * Proposes ranges to remove, each in one group. No range is covered by one that is proposed as unused, so that whatever is chosen
 * of the proposals, what was covered gets the same verdicts. Ranges that a source keeps are not proposed, nor is what only they cover,
 * because the source may drop them.
 */
export function proposalsFor(ranges: Iterable<Range>, nowMs: number): Proposals {
  const all = [...ranges];
  const byId = new Map(all.map((range) => [range.id, range]));
  const own = all.filter(({ sourceId }) => sourceId === null);
  const expired = own.filter((range) => isExpired(range, nowMs));
  // Uses are counted of authorized ranges alone.
  const unused = own.filter(
    (range) =>
      range.effect === 'authorize' && !isExpired(range, nowMs) && isUnusedFor(range, UNUSED_DAYS, nowMs),
  );
  const isProposed = new Set([...expired, ...unused]);
  const others: DecidingRange[] = all.flatMap((range) =>
    isProposed.has(range) ? [] : (decidingRangeOf(range) ?? []),
  );
  const covered = [...coveredRanges(others, nowMs)].flatMap(([{ id }, by]): Proposal[] => {
    const [range, coveredBy] = [byId.get(id), byId.get(by.id)];
    return range?.sourceId === null && coveredBy?.sourceId === null ? [{ range, coveredBy }] : [];
  });
  const alone = (range: Range): Proposal => ({ range, coveredBy: null });
  return { expired: expired.map(alone), covered, unused: unused.map(alone) };
}

export function countOf(proposals: Proposals): number {
  return TIDY_GROUPS.reduce((sum, group) => sum + proposals[group].length, 0);
}
