export interface WorkLoop {
  /** Does the work again and again from now on; the first time after a pause. */
  start(): void;
  /** No work begins any more; resolves when the work in progress is done. */
  stop(): Promise<void>;
  /** Runs `work` when what is in progress is done: never at the same time as the loop's own. */
  run(work: () => Promise<void>): Promise<void>;
}

export interface WorkLoopOptions {
  /** From the end of the work to its next beginning, in milliseconds. */
  readonly pauseMs: number;
  readonly work: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** A background loop over work that never runs twice at once. It keeps no process alive. */
export const createWorkLoop = ({ pauseMs, work, onError }: WorkLoopOptions): WorkLoop => {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let inProgress: Promise<void> = Promise.resolve();

  const run = (job: () => Promise<void>): Promise<void> => {
    const done = inProgress.then(job);
    inProgress = done.catch(() => undefined);
    return done;
  };

  const schedule = (): void => {
    timer = setTimeout(() => {
      void run(work)
        .catch(onError)
        .finally(() => {
          if (!isStopped) schedule();
        });
    }, pauseMs);
    timer.unref();
  };

  return {
    start: () => {
      if (!isStopped && timer === undefined) schedule();
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await inProgress;
    },
    run,
  };
};
