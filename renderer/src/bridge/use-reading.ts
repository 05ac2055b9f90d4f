import { useCallback, useEffect, useState } from 'react';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { settle } from './call';

type Read<T> = () => Promise<Outcome<T>>;

export interface Reading<T> {
  /** The latest value; it stays while it is read again, and when that fails. */
  readonly value: T | null;
  /** The reason why the last try failed; null if it did not. */
  readonly failure: Failure | null;
  readonly readAgain: () => void;
}

interface Latest<T> extends Pick<Reading<T>, 'value' | 'failure'> {
  readonly of: Read<T>;
}

/**
 * Reads across the bridge, once for each `read`, as soon as `isPossible`, and again when `about` changes. The answer to an
 * earlier one is dropped.
 */
export function useReading<T>(read: Read<T>, isPossible = true, about: unknown = null): Reading<T> {
  const [latest, setLatest] = useState<Latest<T> | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!isPossible) return;
    let isCurrent = true;
    void settle(read).then((outcome) => {
      if (!isCurrent) return;
      setLatest((before) =>
        outcome.ok
          ? { of: read, value: outcome.value, failure: null }
          : { of: read, value: before?.of === read ? before.value : null, failure: outcome.failure },
      );
    });
    return () => {
      isCurrent = false;
    };
  }, [read, isPossible, tries, about]);
  const readAgain = useCallback(() => setTries((before) => before + 1), []);
  const { value, failure } = latest?.of === read ? latest : { value: null, failure: null };
  return { value, failure, readAgain };
}
