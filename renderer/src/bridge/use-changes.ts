import { useState } from 'react';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { settle } from './call';

export interface Changes<C> {
  /** Sends the change at once. Several changes are sent in order. */
  readonly send: (change: C) => void;
  readonly failure: Failure | null;
}

/** Sends changes that apply at once, such as settings. None waits for the one before, so none is lost. */
export function useChanges<C>(call: (change: C) => Promise<Outcome<unknown>>): Changes<C> {
  const [failure, setFailure] = useState<Failure | null>(null);
  return {
    send: (change) => {
      void settle(() => call(change)).then((outcome) => setFailure(outcome.ok ? null : outcome.failure));
    },
    failure,
  };
}
