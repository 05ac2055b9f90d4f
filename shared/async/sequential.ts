/** Runs tasks one after the other, in the order they were handed in. */
export type Sequential = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * A queue of one lane: each task starts when the one before has ended, well or badly, and a task that fails rejects its
 * own promise only. Replaces a lock where two of something must not overlap.
 */
export const createSequential = (): Sequential => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
};
