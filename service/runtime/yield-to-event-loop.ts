/** Milliseconds for which long work may hold one turn of the event loop, while calls wait. */
const TURN_MS = 1;

let turnStartedAtMs: number | undefined;

/**
 * Long work on the main thread, such as an import, awaits this between small pieces. Returns undefined until such work has
 * used up its time in this turn, then a promise that resolves in the next turn.
 */
export function yieldToEventLoop(): Promise<void> | undefined {
  if (turnStartedAtMs === undefined) {
    turnStartedAtMs = performance.now();
    setImmediate(() => {
      turnStartedAtMs = undefined;
    });
    return undefined;
  }
  if (performance.now() - turnStartedAtMs < TURN_MS) return undefined;
  return new Promise((resolve) => setImmediate(resolve));
}
