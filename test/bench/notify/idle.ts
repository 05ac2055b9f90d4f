import { readFileSync } from 'node:fs';
import type { RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { heading, target } from '../figures';

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;
/** Until the start is over: the first long poll has come back, and what the start left behind is collected. */
const SETTLE_MS = 35_000;

/** What the console's processes use of a processor while nothing happens. Target: SPEC 6. */
export const measureIdle = async ({ running }: RemoteDesktop, durationMs: number): Promise<void> => {
  heading('An idle console');
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const processIds = await running.app.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid));
  const before = processorSeconds(processIds);
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const used = processorSeconds(processIds) - before;
  target(
    `processor over ${durationMs / 1000} s, ${processIds.length} processes (per cent)`,
    (used / (durationMs / 1000)) * 100,
    0.5,
    'at most',
  );
};

/** User and system time of the processes so far; https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const processorSeconds = (processIds: readonly number[]): number =>
  processIds
    .map((id) => {
      // The name in parentheses may hold spaces; what follows it does not.
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    })
    .reduce((sum, seconds) => sum + seconds, 0);
