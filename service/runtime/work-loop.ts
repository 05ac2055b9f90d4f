import { createSequential } from '#shared/async/sequential';

export interface WorkLoop {
  /** Does the work again and again from now on, the first time after a pause. */
  start(): void;
  /** Begins no work any more; resolves when the work in progress is done. */
  stop(): Promise<void>;
  /** Does the work, or `job` in its stead, as soon as what is in progress is done. The pause begins anew after it. */
  run(job?: () => Promise<void>): Promise<void>;
  /** Brings the next work forward, so that it begins within this time. It is cheap where that is so already. */
  wake(withinMs: number): void;
}

export interface WorkLoopOptions {
  /** The time from the end of the work to its next beginning. Without it the loop sleeps until `wake` is called. */
  readonly pauseMs?: number;
  /** The part of the pause that is random, so that processes on one database do not work at the same moment. */
  readonly jitter?: number;
  readonly work: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/** A background loop over work that never runs twice at once. It keeps no process alive. */
export function createWorkLoop({
  pauseMs = Infinity,
  jitter = 0,
  work,
  onError,
  random = Math.random,
}: WorkLoopOptions): WorkLoop {
  const inTurn = createSequential();
  let state: 'new' | 'on' | 'off' = 'new';
  let jobs = 0;
  let dueAt = Infinity;
  let timer: NodeJS.Timeout | undefined;

  const setTimer = (): void => {
    clearTimeout(timer);
    if (jobs > 0 || dueAt === Infinity) return;
    timer = setTimeout(() => void run().catch(onError), dueAt - performance.now());
    timer.unref();
  };
  const wake = (withinMs: number): void => {
    if (state !== 'on') return;
    const at = performance.now() + withinMs;
    if (at >= dueAt) return;
    dueAt = at;
    setTimer();
  };
  const pause = (): void => wake(pauseMs * (1 + jitter * (random() - 0.5)));
  const run = (job = work): Promise<void> => {
    dueAt = Infinity;
    clearTimeout(timer);
    jobs += 1;
    return inTurn(job).finally(() => {
      jobs -= 1;
      pause();
      setTimer();
    });
  };

  return {
    start: () => {
      if (state !== 'new') return;
      state = 'on';
      pause();
    },
    stop: async () => {
      state = 'off';
      dueAt = Infinity;
      clearTimeout(timer);
      await inTurn(() => Promise.resolve());
    },
    run,
    wake,
  };
}
