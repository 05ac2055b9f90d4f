import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { SECOND_MS } from '#shared/durations';

const TICK_MS = 10 * SECOND_MS;

interface Clock {
  readonly now: () => number;
  readonly nowMs: number;
}

function systemNow(): number {
  return Date.now();
}

const ClockContext = createContext<Clock>({ now: systemNow, nowMs: Date.now() });

interface ClockProviderProps {
  /** Milliseconds since the epoch; replaced in tests. */
  readonly now?: () => number;
  /** Milliseconds by which the service's clock is ahead of `now`. */
  readonly offsetMs?: number;
  readonly children: ReactNode;
}

/** Provides one clock for all relative times of a window. It stops while the window is hidden. */
export function ClockProvider({ now = systemNow, offsetMs = 0, children }: ClockProviderProps) {
  const [readMs, setReadMs] = useState(now);
  const clock = useMemo(
    () => ({ now: () => now() + offsetMs, nowMs: readMs + offsetMs }),
    [now, offsetMs, readMs],
  );
  useEffect(() => {
    const tick = (): void => {
      if (!document.hidden) setReadMs(now());
    };
    const timer = setInterval(tick, TICK_MS);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [now]);
  return <ClockContext value={clock}>{children}</ClockContext>;
}

/** Returns the window's time in milliseconds since the epoch, renewed every ten seconds. */
export function useNow(): number {
  return useContext(ClockContext).nowMs;
}

/** Returns a function that reads the same clock to the millisecond, for times that count from a click. */
export function useReadClock(): () => number {
  return useContext(ClockContext).now;
}
