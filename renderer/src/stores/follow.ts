import type { Failure, Outcome } from '#shared/ipc/failure';

/** A state that main keeps and sends to windows as a whole. */
export interface Followed<T> {
  readonly value: T | null;
  readonly failure: Failure | null;
}

/** Subscribes before it asks, so that nothing is missed; news is newer than the response. Returns a stop function. */
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
