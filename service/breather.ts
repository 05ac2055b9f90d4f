/** How long work may hold the event loop: calls that come meanwhile wait so long for their verdict. */
const BUDGET_MS = 8;

/** Resolves when the service has done what came in so far. */
export const othersFirst = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Awaited between small pieces of long work: lets everything else have a turn once the work has had its time. */
export type Breathe = () => Promise<void> | undefined;

/** It costs next to nothing, not even a promise, until the time is used up. */
export const createBreather = (): Breathe => {
  let turnEndsAt = performance.now() + BUDGET_MS;
  return () => {
    if (performance.now() < turnEndsAt) return undefined;
    return othersFirst().then(() => {
      turnEndsAt = performance.now() + BUDGET_MS;
    });
  };
};
