import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

const TICK_MS = 10_000;

interface Clock {
  readonly now: () => number;
  readonly nowMs: number;
}

const systemNow = (): number => Date.now();

const ClockContext = createContext<Clock>({ now: systemNow, nowMs: Date.now() });

interface ClockProviderProps {
  /** The current time in milliseconds since 1970; tests give their own. */
  readonly now?: () => number;
  /** How far the clock that all times here go by is ahead of that. */
  readonly offsetMs?: number;
  readonly children: ReactNode;
}

/** One clock for all relative times of a window. It stands still while nobody can see it. */
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

/** The window's time in milliseconds since 1970, renewed every ten seconds. */
export const useNow = (): number => useContext(ClockContext).nowMs;

/** Reads the same clock to the millisecond, for what is counted from the moment of a click. */
export const useReadClock = (): (() => number) => useContext(ClockContext).now;
