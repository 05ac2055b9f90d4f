import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { consoleCommand } from '#test/support/desktop/console-app';
import type { DesktopSession } from '#test/support/desktop/session';
import { processorMsOf } from '../check/program';

/** An app that runs as people start it, watched from outside. */
export interface RunningApp {
  /** From the start of its process to the last paint of its first screen, in milliseconds. */
  readonly startMs: number;
  /** Memory of all its processes, in MiB; what they share is counted once. */
  memoryMib(): number;
  /** Processor time of all its processes so far, in milliseconds. */
  processorMs(): number;
  stop(): Promise<void>;
}

interface AppOptions {
  readonly session: DesktopSession;
  readonly appFolder: string;
  readonly userDataFolder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** By then a window has loaded; when it was painted is read afterwards. */
const LOADED_AFTER_MS = 4_000;

/** Starts an app, and waits until its window shows a `main` element. */
export const startApp = async (options: AppOptions): Promise<RunningApp> => {
  const { executable, args, env } = await consoleCommand(options);
  const startedAtMs = Date.now();
  const child = spawn(executable, ['--remote-debugging-port=0', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  const exited = once(child, 'exit');
  const pid = child.pid ?? 0;

  const url = await debuggerUrl(child.stderr);
  // Playwright sometimes never hears of a window that loads while it attaches.
  await sleep(LOADED_AFTER_MS);
  const browser = await chromium.connectOverCDP(url);
  const context = browser.contexts()[0];
  if (context === undefined) throw new Error('The app has no browser context.');
  const page = context.pages()[0] ?? (await context.waitForEvent('page'));
  await page.locator('main').waitFor();
  const paintedAtMs = await page.evaluate(lastPaint);
  await browser.close();

  return {
    startMs: paintedAtMs - startedAtMs,
    memoryMib: () => sum(processesOf(pid).map(residentShareMib)),
    processorMs: () => sum(processesOf(pid).map(processorMsOf)),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      process.off('exit', onExit);
    },
  };
};

const debuggerUrl = async (stderr: NodeJS.ReadableStream): Promise<string> => {
  // It goes on being read: an app whose output nobody takes stands still.
  const lines = createInterface({ input: stderr });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const [, url] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
    lines.once('close', () => reject(new Error('The app ended before its window could be watched.')));
  });
};

/** When the largest part of the page was painted, in milliseconds since the epoch. Runs in the page. */
const lastPaint = (): Promise<number> =>
  new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const last = list.getEntries().at(-1);
      if (last !== undefined) resolve(performance.timeOrigin + last.startTime);
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  });

/** The process and all that come from it (proc(5): the parent is the fourth field of `stat`). */
const processesOf = (root: number): number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOrEmpty(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const all = [root];
  for (const pid of all) all.push(...(children.get(pid) ?? []));
  return all;
};

const KIB_PER_MIB = 1_024;

export const residentShareMib = (pid: number): number => {
  const [, kib] = /^Pss:\s+(\d+) kB$/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`)) ?? [];
  return Number(kib ?? 0) / KIB_PER_MIB;
};

const readOrEmpty = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
