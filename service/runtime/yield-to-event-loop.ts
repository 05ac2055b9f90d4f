/** Long work may hold one turn of the event loop for so long. Calls that come meanwhile wait. */
const TURN_MS = 1;

let turnStartedAtMs: number | undefined;

/**
 * Awaited between small pieces of long work on the main thread, such as the lines of an import. Returns undefined, which costs
 * next to nothing, until such work has had its time in this turn; then a promise that resolves in the next one.
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
