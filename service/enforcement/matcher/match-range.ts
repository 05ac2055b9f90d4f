import type { DecidingRange } from '#shared/domain/deciding-range';
import type { Effect } from '#shared/domain/entities';

/** What the matcher needs to know of a range. */
export interface MatchRange extends DecidingRange {
  readonly effect: Effect;
}
