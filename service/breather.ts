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

/**
 * The same for many short works that come one after the other and know nothing of each other: their time is up once
 * they have had it within one turn of the event loop. After a turn that somebody else had, it begins anew.
 */
export const createTurnBreather = (budgetMs: number = BUDGET_MS): Breathe => {
  let turnEndsAt: number | undefined;
  return () => {
    if (turnEndsAt === undefined) {
      turnEndsAt = performance.now() + budgetMs;
      setImmediate(() => {
        turnEndsAt = undefined;
      });
      return undefined;
    }
    return performance.now() < turnEndsAt ? undefined : othersFirst();
  };
};
