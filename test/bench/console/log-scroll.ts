import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type BridgeScope, startRemoteDesktop, valueOf } from '#test/support/desktop/remote-desktop';
import { goTo } from '#test/support/desktop/screens';
import { heading, percentile, target } from '../figures';
import { fillLog } from './log';
import { residentShareMib } from './running-app';

const SMALL = 10_000;
const WHEEL_TURNS = 300;
const WHEEL_PX = 400;
const FRAME_MS = 17;
const MEMORY_RATIO = 1.1;

interface Scrolled {
  readonly frameMs: readonly number[];
  readonly longestTaskMs: number;
  readonly memoryMib: number;
}

/** The real console's window that scrolls through its log. Targets: docs/behaviour.md 9.9. */
export async function measureScrolling(rows: number): Promise<void> {
  heading(`Scrolling the log, ${rows} rows on this computer`);
  const few = await scroll(SMALL);
  const many = await scroll(rows);
  target('scrolling p95 frame (ms)', percentile(many.frameMs, 0.95), FRAME_MS, 'at most');
  console.log(
    `  with ${SMALL} rows ${percentile(few.frameMs, 0.95).toFixed(2)} ms; longest task ${few.longestTaskMs.toFixed(0)} ms, ${many.longestTaskMs.toFixed(0)} ms with all`,
  );
  target(
    'window memory with a million rows, against 10,000',
    many.memoryMib / few.memoryMib,
    MEMORY_RATIO,
    'at most',
  );
  console.log(
    `  ${few.memoryMib.toFixed(0)} MiB with ${SMALL} rows, ${many.memoryMib.toFixed(0)} MiB with all`,
  );
}

/** Turns the wheel down and up again over a log that only this computer has. */
async function scroll(rows: number): Promise<Scrolled> {
  const desktop = await startRemoteDesktop();
  try {
    const { page, running } = desktop;
    const keep = (limit: 1_000_000) =>
      (globalThis as unknown as BridgeScope).gatehouse.call('log', 'keep', { limit });
    valueOf(await page.evaluate(keep, 1_000_000 as const));
    await desktop.stopService();
    await page
      .getByText(/Offline since \d/)
      .first()
      .waitFor();
    const accounts = join(running.userDataFolder, 'accounts');
    fillLog(join(accounts, readdirSync(accounts)[0] ?? '', 'store.sqlite'), rows);
    await goTo(page, 'Log');
    await page.getByText(`${rows.toLocaleString('en')} rows on this computer`).waitFor();
    await page.getByRole('grid', { name: 'Attempts, newest first' }).hover();
    await page.evaluate(watchFrames);
    for (const direction of [1, -1]) {
      for (let turn = 0; turn < WHEEL_TURNS; turn += 1) await page.mouse.wheel(0, direction * WHEEL_PX);
    }
    const { frameMs, longestTaskMs } = await page.evaluate(
      () => (globalThis as unknown as { benchFrames: Omit<Scrolled, 'memoryMib'> }).benchFrames,
    );
    const pid = await running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    );
    await collectGarbage(page);
    return { frameMs, longestTaskMs, memoryMib: residentShareMib(pid ?? 0) };
  } finally {
    await desktop.stop();
  }
}

/** Runs in the page: keeps the time between frames, and the longest task. */
function watchFrames(): void {
  const frameMs: number[] = [];
  const watched = { frameMs, longestTaskMs: 0 };
  Object.assign(globalThis, { benchFrames: watched });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      watched.longestTaskMs = Math.max(watched.longestTaskMs, duration);
    }
  }).observe({ type: 'longtask' });
  let before = performance.now();
  const onFrame = (now: number): void => {
    frameMs.push(now - before);
    before = now;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
}

async function collectGarbage(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
}
