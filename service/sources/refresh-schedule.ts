import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import type { SourceRow } from '../storage/repositories/sources';

const SHORTEST_PAUSE_MS = MINUTE_MS;
/** The pause after a first failure. Each further one doubles it, up to the interval. */
const FIRST_RETRY_MS = MINUTE_MS;
const LONGEST_RETRY_MS = HOUR_MS;
/** The random share of a pause, which keeps the readers of a list from asking at the same moment. */
const JITTER = 0.1;

/** Returns the time of the next refresh, which is at the latest when the time of the ranges is over. */
export function nextAt({ range_expires_at }: SourceRow, now: number, pauseMs: number): number {
  return Math.min(Math.round(now + pauseMs), range_expires_at ?? Infinity);
}

export function pauseAfterAnswer(source: SourceRow, holdsForMs: number | undefined, random: number): number {
  const intervalMs = source.interval_seconds * SECOND_MS;
  const wanted = Math.min(intervalMs, holdsForMs ?? intervalMs);
  return Math.max(SHORTEST_PAUSE_MS, wanted) * (1 + JITTER * random);
}

export function pauseAfterFailure(source: SourceRow, failures: number): number {
  const intervalMs = source.interval_seconds * SECOND_MS;
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 10), LONGEST_RETRY_MS, intervalMs);
}
