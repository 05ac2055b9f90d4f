import { useEffect, useState } from 'react';

/** Time in which something new ignores input, so that a click or key press meant for something else does nothing. */
export const GUARD_MS = 400;

/** Returns false for GUARD_MS after `key` changed, and at first unless `startsArmed`. */
export function useArmed(key: string, startsArmed = false): boolean {
  const [armedKey, setArmedKey] = useState<string | null>(startsArmed ? key : null);
  useEffect(() => {
    const timer = setTimeout(() => setArmedKey(key), GUARD_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return armedKey === key;
}
