import { create } from 'zustand';
import { SECOND_MS } from '#shared/durations';
import type { LogFilter, LogTimeline } from '#shared/ipc/log';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';
import { useLog } from './log';

/** The figures of the rows that match the filter of the log; null as long as they are not known. */
interface LogFigures {
  readonly count: { readonly rows: number; readonly completeFrom: string | null } | null;
  readonly timeline: LogTimeline | null;
}

const MOST_BUCKETS = 90;
/** New rows may come all the time, and the figures are of many. */
const REFRESH_MS = 2 * SECOND_MS;

export const useLogFigures = create<LogFigures>(() => ({ count: null, timeline: null }));

/** Reads again and again what rows of the log say. */
interface RowFollower {
  readonly readNow: () => void;
  readonly stop: () => void;
}

/** Reads at once, and some time after rows have changed. `pauseMs` is told how long the last read took. */
export function followRows(
  read: () => Promise<void>,
  pauseMs: (tookMs: number) => number = () => REFRESH_MS,
): RowFollower {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = 0;
  let isStopped = false;
  let isOutdated = false;
  let tookMs = 0;
  const readNow = (): void => {
    clearTimeout(timer);
    timer = undefined;
    isOutdated = false;
    running += 1;
    const startedAtMs = performance.now();
    void read().finally(() => {
      running -= 1;
      tookMs = performance.now() - startedAtMs;
      if (isOutdated && !isStopped) readSoon();
    });
  };
  // Reads that take longer than the pause would pile up in the thread that reads the log.
  const readSoon = (): void => {
    isOutdated = running > 0;
    if (!isOutdated) timer ??= setTimeout(readNow, pauseMs(tookMs));
  };
  const ends = [bridge().events.log.changed(readSoon), bridge().events.log.replaced(readNow)];
  readNow();
  return {
    readNow,
    stop() {
      isStopped = true;
      clearTimeout(timer);
      for (const end of ends) end();
    },
  };
}

/**
 * Reads what the rows of the log's filter say, again and again, and at once when the filter changes. `show` gets what is still
 * asked for. Returns a function that stops it.
 */
export function followLog<T>(
  read: (filter: LogFilter) => Promise<T>,
  show: (found: T, filter: LogFilter) => void,
): () => void {
  let asked = 0;
  const rows = followRows(async () => {
    asked += 1;
    const current = asked;
    const { filter } = useLog.getState();
    const found = await read(filter);
    if (current === asked) show(found, filter);
  });
  const unsubscribe = useLog.subscribe((log, before) => {
    if (log.filter !== before.filter) rows.readNow();
  });
  return () => {
    asked += 1;
    unsubscribe();
    rows.stop();
  };
}

/** Keeps the figures true while the log is open. Returns a function that stops it. */
export function openLogFigures(): () => void {
  return followLog(
    async (filter) => {
      const { log } = bridge().calls;
      const count = await settle(() => log.count({ filter }));
      const timeline = await settle(() => log.timeline({ filter, mostBuckets: MOST_BUCKETS }));
      return {
        count: count.ok ? count.value : null,
        timeline: timeline.ok ? timeline.value : null,
      };
    },
    (figures) => useLogFigures.setState(figures),
  );
}

export function resetLogFigures(): void {
  useLogFigures.setState(useLogFigures.getInitialState(), true);
}
