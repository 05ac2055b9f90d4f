/**
 * A queue of one lane: each piece of work starts when the one before has ended, well or badly. Replaces a lock where
 * two of something must not overlap.
 */
export function createSequential(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}
