import { useEffect, useRef, useState } from 'react';
import { create } from 'zustand';

type Drafts = Readonly<Record<string, unknown>>;

/** The contents of forms by a key for each form, so that closing a dialog with Escape does not discard what was typed. */
export const useDrafts = create<Drafts>(() => ({}));

export interface Draft<T> {
  readonly value: T;
  readonly change: (change: (before: T) => T) => void;
  /** Discards the draft after it was sent or cancelled. */
  readonly finish: () => void;
}

/** A state that outlives its form. `start` is the initial value; only that of the first render counts. */
export function useDraft<T>(key: string, start: T): Draft<T> {
  const [first] = useState(start);
  const isFinished = useRef(false);
  // Only the form with this key writes the value, so its type is right.
  const valueIn = (drafts: Drafts): T => (key in drafts ? (drafts[key] as T) : first);
  const value = useDrafts(valueIn);
  useEffect(
    () => () => {
      // The draft is removed on unmount and not before, because a dialog that fades out still shows it.
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
