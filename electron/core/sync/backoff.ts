import type { Random } from '../ports';

export interface BackoffBounds {
  /** Never sooner than this, in milliseconds. */
  readonly floorMs: number;
  /** What the first retry may take at most; doubles with each failure. */
  readonly baseMs: number;
  /** Never later than this. */
  readonly ceilingMs: number;
}

/**
 * How long to wait after so many failures in a row (at least one): exponential with full jitter, so that many consoles
 * do not come back in step. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffDelayMs(failures: number, bounds: BackoffBounds, random: Random): number {
  const longestMs = Math.min(bounds.ceilingMs, bounds.baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.max(bounds.floorMs, random.fraction() * longestMs);
}
