import type { Clock } from '#service/runtime/clock';

/** A clock that stands still until it is moved. */
export function manualClock(
  startMs = Date.UTC(2026, 0, 15, 12, 0, 0),
): Clock & { advance(ms: number): void } {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
