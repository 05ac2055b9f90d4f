let waiting = 0;

/** Resolves when the service has done what came in so far. */
export const othersFirst = (): Promise<void> => {
  waiting += 1;
  return new Promise((resolve) => {
    setImmediate(() => {
      waiting -= 1;
      resolve();
    });
  });
};

/** Whether work is under way that lets others have their turn first; the next turn of the event loop begins with it. */
export const isWorkWaiting = (): boolean => waiting > 0;

let turnStartedAt: number | undefined;

/** When the first work of this turn of the event loop began that says so, in milliseconds of `performance.now()`. */
export const beginTurn = (): number => {
  if (turnStartedAt === undefined) {
    turnStartedAt = performance.now();
    setImmediate(() => {
      turnStartedAt = undefined;
    });
  }
  return turnStartedAt;
};
