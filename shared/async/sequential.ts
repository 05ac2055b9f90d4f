/** Runs tasks one after the other, in the order in which they were handed in. */
export type Sequential = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * Returns a queue in which each task starts when the one before has settled. A task that fails rejects only its own promise. It
 * replaces a lock where two runs must not overlap.
 */
export function createSequential(): Sequential {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}
