import type { Effect } from '#shared/domain/entities';
import type { Cidr } from '#shared/ip/index';

/** What the matcher needs to know of a range. */
export interface MatchRange {
  readonly id: string;
  readonly cidr: Cidr;
  readonly effect: Effect;
  /** The one key it holds for, or null for all keys. */
  readonly keyId: string | null;
  /** Milliseconds since the epoch; from then on it is not matched. */
  readonly expiresAt: number | null;
}
