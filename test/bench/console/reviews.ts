import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Review } from '#shared/domain/entities';
import { startRemoteDesktop, type RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { goTo } from '#test/support/desktop/screens';
import { waitFor } from '#test/support/wait-for';
import { heading, median, target } from '../figures';
import { type Caller, createCaller } from '../notify/calls';

const REVIEWS = 1_000;
const FIRST_NETWORK = 10;
const LATER_NETWORK = 11;
const PAINTED_MS = 150;
const SELECTED_MS = 50;
const ENFORCED_MS = 2_000;
const LONGEST_TASK_MS = 50;
const RUNS = 5;
/** Buttons that have just appeared take no press, so that none is meant for what was there before. */
const ARMED_AFTER_MS = 1_500;

/** The real console with a thousand open reviews, alone and while more arrive. Targets: docs/behaviour.md 9.10. */
export async function measureReviews(): Promise<void> {
  for (const arrivingPerSecond of [0, 200]) {
    const desktop = await startRemoteDesktop();
    const caller = createCaller(desktop.service.url, desktop.secret);
    try {
      await openReviews(desktop, caller);
      const more = arrivingPerSecond === 0 ? '' : `, and ${arrivingPerSecond} more each second`;
      heading(`${REVIEWS.toLocaleString('en')} open reviews${more}`);
      const stopArriving = keepCalling(caller, arrivingPerSecond);
      try {
        await measureScreen(desktop.page);
        await measureDenial(desktop);
      } finally {
        await stopArriving();
      }
    } finally {
      caller.close();
      await desktop.stop();
    }
  }
}

async function measureScreen(page: Page): Promise<void> {
  const [painted, selected]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    await goTo(page, 'Settings');
    painted.push(
      await timeOf(page, { press: 'button[aria-label^="Pending"]', until: '[role=grid] [role=row]' }),
    );
    await page.getByRole('grid').focus();
    selected.push(await timeOf(page, { key: 'a', until: '[role=row][aria-selected=true]' }));
    await page.keyboard.press('Escape');
  }
  target('Pending painted (ms, median)', median(painted), PAINTED_MS, 'at most');
  target('all selected (ms, median)', median(selected), SELECTED_MS, 'at most');
}

/** Blocks calls of a thousand addresses, and waits until the console has their reviews. */
async function openReviews({ page }: RemoteDesktop, caller: Caller): Promise<void> {
  await goTo(page, 'Pending');
  await Promise.all(Array.from({ length: REVIEWS }, (_, n) => caller.call(addressOf(FIRST_NETWORK, n))));
  await page.getByText(`${REVIEWS.toLocaleString('en')} blocked addresses wait`).waitFor({ timeout: 60_000 });
}

/** Calls from new addresses until it is stopped. */
function keepCalling(caller: Caller, perSecond: number): () => Promise<void> {
  if (perSecond === 0) return () => Promise.resolve();
  const calls: Promise<unknown>[] = [];
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1_000);
    while (calls.length < due) calls.push(caller.call(addressOf(LATER_NETWORK, calls.length)));
  }, 20);
  return async () => {
    clearInterval(timer);
    await Promise.all(calls);
  };
}

function addressOf(network: number, n: number): string {
  return `${network}.${n >> 6}.${n & 63}.7`;
}

/** Denies all, and waits until the service has none of the thousand pending. Prints the longest tasks meanwhile, too. */
async function measureDenial(desktop: RemoteDesktop): Promise<void> {
  const { page, running } = desktop;
  await page.getByRole('grid').focus();
  await page.keyboard.press('Control+a');
  await sleep(ARMED_AFTER_MS);
  await page.evaluate(watchLongTasks);
  await running.app.evaluate(() => {
    const hooks = process.getBuiltinModule('node:perf_hooks');
    const delay = hooks.monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    Object.assign(globalThis, { benchDelay: delay });
  });
  const startedAt = performance.now();
  await page.keyboard.press('d');
  await waitFor('all reviews to be denied', () => areDenied(desktop), 60_000);
  const enforcedMs = performance.now() - startedAt;
  const longestInMain = await running.app.evaluate(
    () => (globalThis as unknown as { benchDelay: { max: number } }).benchDelay.max / 1e6,
  );
  const longestInWindow = await page.evaluate(
    () => (globalThis as unknown as { benchLongest: number }).benchLongest,
  );
  target('all denied until enforced (ms)', enforcedMs, ENFORCED_MS, 'at most');
  target('longest task of main meanwhile (ms)', longestInMain, LONGEST_TASK_MS, 'at most');
  target('longest task of the window meanwhile (ms)', longestInWindow, LONGEST_TASK_MS, 'at most');
}

/** Reads page by page, because those that have arrived since are listed first. */
async function areDenied(desktop: RemoteDesktop): Promise<boolean> {
  let cursor = '';
  do {
    const { json } = await desktop.api(`/v1/reviews?status=pending&limit=1000${cursor}`);
    const { items, nextCursor } = json as {
      readonly items: readonly Review[];
      readonly nextCursor: string | null;
    };
    if (items.some(({ ip }) => ip.startsWith(`${FIRST_NETWORK}.`))) return false;
    cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
  } while (cursor !== '');
  return true;
}

/** Runs in the page. Chromium reports tasks from 50 ms on. */
function watchLongTasks(): void {
  const scope = globalThis as unknown as { benchLongest: number };
  scope.benchLongest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) scope.benchLongest = Math.max(scope.benchLongest, duration);
  }).observe({ type: 'longtask' });
}

interface Timed {
  /** A button to press, or a key with Ctrl. */
  readonly press?: string;
  readonly key?: string;
  /** What is there once it is done. */
  readonly until: string;
}

/** Resolves with the milliseconds from the press until what it brings is painted. */
function timeOf(page: Page, timed: Timed): Promise<number> {
  return page.evaluate(async ({ press, key, until }) => {
    const startedAt = performance.now();
    if (press !== undefined) document.querySelector<HTMLElement>(press)?.click();
    if (key !== undefined) {
      const event = new KeyboardEvent('keydown', { key, ctrlKey: true, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(event);
    }
    const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    while (document.querySelector(until) === null) await nextFrame();
    // The frame after the one that has it begins when that one is painted.
    await nextFrame();
    return performance.now() - startedAt;
  }, timed);
}
