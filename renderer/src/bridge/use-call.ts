import { useCallback, useRef, useState } from 'react';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { settle } from './call';

export interface CallInProgress<A extends readonly unknown[], T> {
  /** Starts the call. Resolves with null if one is running already, so a double press of a button sends it once. */
  readonly run: (...args: A) => Promise<Outcome<T> | null>;
  readonly pending: boolean;
  readonly failure: Failure | null;
  readonly reset: () => void;
}

/** Runs one call across the bridge at a time, and keeps its state for a form. */
export function useCall<A extends readonly unknown[], T>(
  call: (...args: A) => Promise<Outcome<T>>,
): CallInProgress<A, T> {
  const inFlight = useRef(false);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const run = useCallback(
    async (...args: A): Promise<Outcome<T> | null> => {
      if (inFlight.current) return null;
      inFlight.current = true;
      setPending(true);
      setFailure(null);
      const outcome = await settle(() => call(...args));
      inFlight.current = false;
      setPending(false);
      if (!outcome.ok) setFailure(outcome.failure);
      return outcome;
    },
    [call],
  );
  const reset = useCallback(() => {
    setFailure(null);
  }, []);
  return { run, pending, failure, reset };
}
