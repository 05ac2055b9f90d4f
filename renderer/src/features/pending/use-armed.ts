import { useEffect, useState } from 'react';

/** How long something new takes no input: a click or key press that was meant for something else does nothing. */
export const GUARD_MS = 400;

/** False for a moment after `key` changed, and at first too unless it `startsArmed`. */
export function useArmed(key: string, startsArmed = false): boolean {
  const [armedKey, setArmedKey] = useState<string | null>(startsArmed ? key : null);
  useEffect(() => {
    const timer = setTimeout(() => setArmedKey(key), GUARD_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return armedKey === key;
}
