import { createSequential } from '#shared/async/sequential';

export interface WorkLoop {
  /** Repeats the work from now on, the first time after a pause. */
  start(): void;
  /** Starts no further work. Resolves when the work in progress is done. */
  stop(): Promise<void>;
  /** Runs the work, or `job` instead, after what is in progress. The pause begins anew afterwards. */
  run(job?: () => Promise<void>): Promise<void>;
  /** Makes the next work begin within this time. It is cheap if that is so already. */
  wake(withinMs: number): void;
}

interface WorkLoopOptions {
  /** Milliseconds from the end of the work to its next beginning. Without them the loop sleeps until `wake` is called. */
  readonly pauseMs?: number;
  /** The random part of the pause, which keeps processes on one database from working at the same moment. */
  readonly jitter?: number;
  readonly work: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** Returns a number from 0 up to 1. */
  readonly random?: () => number;
}

/** Creates a background loop whose work never runs twice at once. It keeps no process alive. */
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
