/** How often files are looked at, unless told otherwise. */
export const FILE_POLL_INTERVAL_MS = 10_000;

export interface PollLoop {
  /** Does the work each interval from now on; the first time after one interval. */
  start(): void;
  /** No work begins any more; resolves when the work in progress is done. */
  stop(): Promise<void>;
  /** Runs `work` when what is in progress is done: never at the same time as the loop's own. */
  run(work: () => Promise<void>): Promise<void>;
}

export interface PollLoopOptions {
  /** From the end of the work to its next beginning. */
  readonly intervalMs: number;
  readonly work: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * A background loop over work that never runs twice at once.
 *
 * Polling, and not the system's file events: those are lost on network file systems and container mounts, and
 * differ by system when a file is replaced by renaming.
 */
export const createPollLoop = ({ intervalMs, work, onError }: PollLoopOptions): PollLoop => {
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
    }, intervalMs);
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
