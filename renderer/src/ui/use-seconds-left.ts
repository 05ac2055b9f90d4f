import { useEffect, useState } from 'react';
import { SECOND_MS } from '#shared/durations';

function secondsUntil(untilMs: number | null): number {
  return untilMs === null ? 0 : Math.max(0, Math.ceil((untilMs - Date.now()) / SECOND_MS));
}

/** Counts down the whole seconds, rounded up, until a time in milliseconds since the epoch; 0 if it is over or null. */
export function useSecondsLeft(untilMs: number | null): number {
  const [left, setLeft] = useState({ untilMs, seconds: secondsUntil(untilMs) });
  // The seconds are reset in the same render in which the time changes, so that nothing flashes.
  if (left.untilMs !== untilMs) setLeft({ untilMs, seconds: secondsUntil(untilMs) });
  useEffect(() => {
    if (untilMs === null || left.seconds === 0) return;
    const nextMs = Math.max(0, untilMs - (left.seconds - 1) * SECOND_MS - Date.now());
    const timer = setTimeout(() => setLeft({ untilMs, seconds: secondsUntil(untilMs) }), nextMs);
    return () => clearTimeout(timer);
  }, [untilMs, left]);
  return left.seconds;
}
