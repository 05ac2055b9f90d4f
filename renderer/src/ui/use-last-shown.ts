import { useState } from 'react';

/** Returns the value, or the last one there was, which a dialog shows while it fades out. */
export function useLastShown<T>(value: T | null): T | null {
  const [last, setLast] = useState(value);
  if (value !== null && value !== last) setLast(value);
  return value ?? last;
}
