/** How long work may hold the event loop: calls that come meanwhile wait so long for their verdict. */
const BUDGET_MS = 8;

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
 * How long small works may hold one turn of the event loop: a fraction of what the checks of one turn take, so that those who
 * wait behind an edit wait hardly longer. Where there is nobody to wait, a turn passes in microseconds.
 */
const TURN_MS = 0.1;

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

/**
 * Awaited between small works that come one after the other and know nothing of each other: lets everybody else have a turn
 * once they have had their time within one. What begins a turn never waits.
 */
export const breatheInTurn = (budgetMs: number = TURN_MS): Promise<void> | undefined => {
  if (turnStartedAt === undefined) {
    beginTurn();
    return undefined;
  }
  return performance.now() < turnStartedAt + budgetMs ? undefined : othersFirst();
};
