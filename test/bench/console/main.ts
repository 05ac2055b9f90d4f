import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFolder } from '#electron/launch/folders';
import { launchConsole } from '#test/support/desktop/console-app';
import { startDesktopSession, type DesktopSession } from '#test/support/desktop/session';
import { freePort } from '#test/support/service/nginx';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { heading, median, target } from '../figures';
import { largeLogRows, measureLog, readStore } from './log';
import { measureScrolling } from './log-scroll';
import { measureReviews } from './reviews';
import { startApp, type RunningApp } from './running-app';

/**
 * The console with the service that it runs in itself, beside an empty Electron window in the same session: how long each takes
 * from the start of its process until its first screen is painted, and what both hold and use at rest. The starts alternate.
 * Needs `npm run build` and what the desktop tests need.
 *
 * Also the log with a million rows: how it is read (log.ts), which needs neither, and how its window scrolls (log-scroll.ts); and a
 * thousand open reviews (reviews.ts). With `--log`, `--scroll` or `--reviews` that alone.
 *
 * `npm run bench:console -- --quick` makes fewer starts and a shorter rest, and a log of 100,000 rows.
 */

/** Until the start is over: the first long poll has come back, and what the start left behind is collected. */
const SETTLE_MS = 35_000;

interface Side {
  readonly start: () => Promise<RunningApp>;
  readonly startMs: number[];
}

const measureStart = async (sides: readonly Side[], starts: number): Promise<void> => {
  for (let n = 0; n < starts; n += 1) {
    for (const { start, startMs } of sides) {
      const app = await start();
      startMs.push(app.startMs);
      await app.stop();
    }
  }
};

const measureRest = async ({ start }: Side, restMs: number) => {
  const app = await start();
  await sleep(SETTLE_MS);
  const before = app.processorMs();
  await sleep(restMs);
  const processorPerCent = ((app.processorMs() - before) / restMs) * 100;
  const memoryMib = app.memoryMib();
  await app.stop();
  return { processorPerCent, memoryMib };
};

/** A first start has made the account, and its store. */
const prepareConsole = async (
  session: DesktopSession,
  userDataFolder: string,
  env: Record<string, string>,
) => {
  const running = await launchConsole({ session, userDataFolder, env });
  const page = await running.app.firstWindow();
  await page.getByText(/^curl -i -H/).waitFor();
  await running.quit();
};

export const main = async (args: readonly string[]): Promise<number> => {
  const [first, file, runs] = args;
  if (first === '--read-log' && file !== undefined) {
    console.log(JSON.stringify(await readStore(file, Number(runs))));
    return 0;
  }
  const quick = args.includes('--quick');
  if (args.includes('--scroll')) {
    await measureScrolling(largeLogRows(quick));
    return 0;
  }
  if (args.includes('--reviews')) {
    await measureReviews();
    return 0;
  }
  const folder = makeTempDir('bench-console');
  if (args.includes('--log')) {
    await measureLog(folder, quick);
    removeTempDir(folder);
    await measureScrolling(largeLogRows(quick));
    return 0;
  }
  const session = await startDesktopSession();
  try {
    const env = { GATEHOUSE_EMBEDDED_LISTEN: `127.0.0.1:${await freePort()}` };
    const profile = join(folder, 'console');
    await prepareConsole(session, profile, env);
    const sideOf = (appFolder: string, userDataFolder: string): Side => ({
      start: () => startApp({ session, appFolder, userDataFolder, env }),
      startMs: [],
    });
    const ours = sideOf(projectFolder(), profile);
    const empty = sideOf(join(import.meta.dirname, 'empty-window'), join(folder, 'empty'));

    heading('From the start to the first screen');
    await measureStart([ours, empty], quick ? 3 : 11);
    const [oursMs, emptyMs] = [median(ours.startMs), median(empty.startMs)];
    console.log(`  console ${oursMs.toFixed(0)} ms, empty window ${emptyMs.toFixed(0)} ms`);
    target('start, of an empty window', oursMs / emptyMs, 1.5, 'at most');

    heading('At rest, with the embedded service');
    const restMs = quick ? 5_000 : 60_000;
    const emptyRest = await measureRest(empty, restMs);
    const oursRest = await measureRest(ours, restMs);
    console.log(
      `  console ${oursRest.memoryMib.toFixed(0)} MiB, empty window ${emptyRest.memoryMib.toFixed(0)} MiB`,
    );
    target('memory, of an empty window', oursRest.memoryMib / emptyRest.memoryMib, 1.4, 'at most');
    console.log(`  an empty window uses ${emptyRest.processorPerCent.toFixed(2)} per cent of a processor`);
    target('processor (per cent)', oursRest.processorPerCent, 0.5, 'at most');

    await measureLog(folder, quick);
    await measureScrolling(largeLogRows(quick));
    await measureReviews();
    return 0;
  } finally {
    await session.stop();
    removeTempDir(folder);
  }
};
