/**
 * Runs tasks one after the other, in the order they were handed in. A task that fails rejects its own promise only.
 */
export type Sequential = <T>(task: () => Promise<T>) => Promise<T>;

export const createSequential = (): Sequential => {
  let tail: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const result = tail.then(task);
    tail = result.catch(() => undefined);
    return result;
  };
};
