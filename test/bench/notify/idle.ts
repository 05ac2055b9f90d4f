import type { RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { processorMsOf } from '../check/program';
import { heading, target } from '../figures';

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

const processorSeconds = (processIds: readonly number[]): number =>
  processIds.reduce((sum, id) => sum + processorMsOf(id), 0) / 1_000;
