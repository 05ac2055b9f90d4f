import { useEffect, useState } from 'react';

/** How long a new question takes no input: a click or key press that was meant for something else does nothing. */
const GUARD_MS = 400;

/** False for a moment after `key` changed. */
export function useArmed(key: string): boolean {
  const [armedKey, setArmedKey] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setArmedKey(key), GUARD_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return armedKey === key;
}
