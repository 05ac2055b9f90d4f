import { useEffect, useRef, useState } from 'react';
import { create } from 'zustand';

type Drafts = Readonly<Record<string, unknown>>;

/** What stands in forms, by a key of each form's own: a dialog that is closed by Escape must not throw away what was typed. */
export const useDrafts = create<Drafts>(() => ({}));

export interface Draft<T> {
  readonly value: T;
  readonly change: (change: (before: T) => T) => void;
  /** It was sent or cancelled: the next form with this key starts afresh. */
  readonly finish: () => void;
}

/** A state that outlives its form. `start` is what it is before anything was typed; only the first one counts. */
export function useDraft<T>(key: string, start: T): Draft<T> {
  const [first] = useState(start);
  const isFinished = useRef(false);
  // The form whose key it is has written it.
  const valueIn = (drafts: Drafts): T => (key in drafts ? (drafts[key] as T) : first);
  const value = useDrafts(valueIn);
  useEffect(
    () => () => {
      // Not before: a dialog that fades out still shows it.
      if (isFinished.current) useDrafts.setState(({ [key]: _finished, ...others }) => others, true);
    },
    [key],
  );
  return {
    value,
    change: (change) => useDrafts.setState((drafts) => ({ [key]: change(valueIn(drafts)) })),
    finish: () => {
      isFinished.current = true;
    },
  };
}
