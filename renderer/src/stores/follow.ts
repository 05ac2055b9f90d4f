import type { Failure, Outcome } from '#shared/ipc/failure';

/** Something that main keeps and tells windows about as a whole. */
export interface Followed<T> {
  readonly value: T | null;
  /** Why there is no value. */
  readonly failure: Failure | null;
}

/**
 * Follows it: subscribes first and then asks, so that nothing is missed between; what was told meanwhile is newer than
 * the answer. Gives a function that stops it.
 */
export function follow<T>(
  subscribe: (listener: (value: T) => void) => () => void,
  ask: () => Promise<Outcome<T>>,
  set: (followed: Followed<T>) => void,
): () => void {
  let isOver = false;
  const unsubscribe = subscribe((value) => {
    isOver = true;
    set({ value, failure: null });
  });
  void ask().then((outcome) => {
    if (isOver) return;
    set(outcome.ok ? { value: outcome.value, failure: null } : { value: null, failure: outcome.failure });
  });
  return () => {
    isOver = true;
    unsubscribe();
  };
}
