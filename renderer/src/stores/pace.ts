/** Work that keeps the page busy for less than this is done as often as it comes. */
const LIGHT_MS = 16;
/** After heavier work the page rests for this many times as long: for input, and for the other processes. */
const REST_FACTOR = 2;
/** And never longer: a window out of sight has slow timers, which look like heavy work. */
const LONGEST_REST_MS = 1_000;

export interface Pace {
  /** Has the work done: now, or once for all who ask while the page is still busy with the last time, or rests. */
  ask(): void;
  stop(): void;
}

/**
 * Does work as often as the page bears. What it leads to is part of it: rendering follows in the same task, so its end is
 * measured from the next one.
 */
export function createPace(work: () => void): Pace {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsked = false;

  const wait = (delayMs: number, then: () => void): void => {
    timer = setTimeout(() => {
      timer = undefined;
      then();
    }, delayMs);
  };
  const go = (): void => {
    if (isAsked) run();
  };
  const run = (): void => {
    isAsked = false;
    const startedAt = performance.now();
    work();
    wait(0, () => {
      const tookMs = performance.now() - startedAt;
      if (tookMs < LIGHT_MS) go();
      else wait(Math.min(tookMs * REST_FACTOR, LONGEST_REST_MS), go);
    });
  };

  return {
    ask() {
      isAsked = true;
      if (timer === undefined) run();
    },
    stop() {
      clearTimeout(timer);
      isAsked = false;
    },
  };
}
