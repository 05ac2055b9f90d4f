import { SECOND_MS } from '#shared/durations';

/** Work that takes less than this is done as often as requested. */
const LIGHT_MS = 16;
/** After heavier work the page rests this many times as long, for input and for the other processes. */
const REST_FACTOR = 2;
/** Upper limit of a rest: a hidden window has slow timers, which look like heavy work. */
const LONGEST_REST_MS = SECOND_MS;

export interface Pace {
  /** Requests the work. It runs now, or once for all requests during the last run or rest. */
  ask(): void;
  stop(): void;
}

/** Runs work as often as the page can bear. Rendering is part of it, so its end is measured from the next task. */
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
