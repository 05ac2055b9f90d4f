import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work may hold the event loop: calls that come meanwhile wait so long for their verdict. */
const BUDGET_MS = 10;

/**
 * Long work on one thread awaits this between its pieces: it lets everything else have a turn once `budgetMs` have been
 * worked since the last one, and costs next to nothing before that.
 */
export const createBreather = (budgetMs = BUDGET_MS): (() => Promise<void>) => {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < budgetMs) return;
    await nextTurn();
    since = performance.now();
  };
};
