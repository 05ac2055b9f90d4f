import type { Random } from '../ports';

export interface BackoffBounds {
  /** The shortest pause, in milliseconds. */
  readonly floorMs: number;
  /** The upper bound of the first pause, in milliseconds; it doubles with each failure. */
  readonly baseMs: number;
  /** The longest pause, in milliseconds. */
  readonly ceilingMs: number;
}

/**
 * Returns the pause in milliseconds after `failures` failures in a row (at least one): exponential with full jitter, so that many
 * consoles do not come back in step. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffDelayMs(failures: number, bounds: BackoffBounds, random: Random): number {
  const longestMs = Math.min(bounds.ceilingMs, bounds.baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.max(bounds.floorMs, random.fraction() * longestMs);
}
