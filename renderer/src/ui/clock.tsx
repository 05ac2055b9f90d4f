import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const TICK_MS = 10_000;

const NowContext = createContext(Date.now());

interface ClockProviderProps {
  /** The current time in milliseconds since 1970; tests give their own. */
  readonly now?: () => number;
  readonly children: ReactNode;
}

const systemNow = (): number => Date.now();

/** One clock for all relative times of a window. It stands still while nobody can see it. */
export function ClockProvider({ now = systemNow, children }: ClockProviderProps) {
  const [nowMs, setNowMs] = useState(now);
  useEffect(() => {
    const tick = (): void => {
      if (!document.hidden) setNowMs(now());
    };
    const timer = setInterval(tick, TICK_MS);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [now]);
  return <NowContext value={nowMs}>{children}</NowContext>;
}

/** The window's time in milliseconds since 1970, renewed every ten seconds. */
export const useNow = (): number => useContext(NowContext);
