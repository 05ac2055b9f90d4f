import type { RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { wakesOf } from '#test/support/service/wakes';
import { processorMsOf } from '../check/program';
import { heading, target } from '../figures';

/** Until the start is over: the first long poll has come back, and what the start left behind is collected. */
const SETTLE_MS = 35_000;

/**
 * What the console's processes and its service use of a processor while nothing happens, together as on a computer where the
 * service is embedded. Target: docs/behaviour.md 9.6.
 */
export const measureIdle = async ({ running, service }: RemoteDesktop, durationMs: number): Promise<void> => {
  heading('An idle console with its service');
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const consoleIds = await running.app.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid));
  const consoleBefore = processorSeconds(consoleIds);
  const serviceBefore = processorSeconds([service.pid]);
  const wakesBefore = wakesOf(service.pid);
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const seconds = durationMs / 1000;
  const consoleShare = (processorSeconds(consoleIds) - consoleBefore) / seconds;
  const serviceShare = (processorSeconds([service.pid]) - serviceBefore) / seconds;
  const wakes = (wakesOf(service.pid) - wakesBefore) / seconds;
  console.log(`  console, ${consoleIds.length} processes (per cent): ${(consoleShare * 100).toFixed(2)}`);
  console.log(
    `  service (per cent): ${(serviceShare * 100).toFixed(2)}; wakes a second: ${wakes.toFixed(1)}`,
  );
  target(`processor over ${seconds} s (per cent)`, (consoleShare + serviceShare) * 100, 0.5, 'at most');
};

const processorSeconds = (processIds: readonly number[]): number =>
  processIds.reduce((sum, id) => sum + processorMsOf(id), 0) / 1_000;
