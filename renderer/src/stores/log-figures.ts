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

/**
 * Calls the function at once, with each filter of the log, and some time after rows have changed. Returns a function that stops
 * it.
 */
export function followLog(refresh: (filter: LogFilter) => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = 0;
  let isStopped = false;
  let isOutdated = false;
  const run = (): void => {
    clearTimeout(timer);
    timer = undefined;
    isOutdated = false;
    running += 1;
    void refresh(useLog.getState().filter).finally(() => {
      running -= 1;
      if (isOutdated && !isStopped) runSoon();
    });
  };
  // Reads that take longer than the pause would pile up in the thread that reads the log.
  const runSoon = (): void => {
    isOutdated = running > 0;
    if (!isOutdated) timer ??= setTimeout(run, REFRESH_MS);
  };
  const stops = [
    bridge().events.log.changed(runSoon),
    bridge().events.log.replaced(run),
    useLog.subscribe((log, before) => {
      if (log.filter !== before.filter) run();
    }),
  ];
  run();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

/** Keeps the figures true while the log is open. Returns a function that stops it. */
export function openLogFigures(): () => void {
  let asked = 0;
  const refresh = async (filter: LogFilter): Promise<void> => {
    asked += 1;
    const current = asked;
    const { log } = bridge().calls;
    const count = await settle(() => log.count({ filter }));
    const timeline = await settle(() => log.timeline({ filter, mostBuckets: MOST_BUCKETS }));
    if (current !== asked) return;
    useLogFigures.setState({
      count: count.ok ? count.value : null,
      timeline: timeline.ok ? timeline.value : null,
    });
  };
  const stop = followLog(refresh);
  return () => {
    asked += 1;
    stop();
  };
}

export function resetLogFigures(): void {
  useLogFigures.setState(useLogFigures.getInitialState(), true);
}
