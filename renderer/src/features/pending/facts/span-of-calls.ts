import type { Review } from '#shared/domain/entities';
import { HOUR_MS } from '#shared/durations';

interface CallSpan {
  /** Shares of the time from the first call, but at least an hour ago, until now. */
  readonly from: number;
  readonly to: number;
  /** The first, the last and the latest callers' calls. */
  readonly calls: readonly number[];
}

export function callSpanOf(
  { firstAt, lastAt, callers }: Pick<Review, 'firstAt' | 'lastAt' | 'callers'>,
  nowMs: number,
): CallSpan {
  const firstMs = Date.parse(firstAt);
  const startMs = Math.min(firstMs, nowMs - HOUR_MS);
  // The clocks of two computers differ, so a time that is ahead counts as now.
  const shareOf = (at: string): number =>
    Math.max(0, Math.min(1, (Date.parse(at) - startMs) / (nowMs - startMs)));
  const calls = new Set([firstAt, lastAt, ...callers.map(({ at }) => at)].map(shareOf));
  return { from: shareOf(firstAt), to: shareOf(lastAt), calls: [...calls] };
}
