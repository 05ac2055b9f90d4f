import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { makeHistory, type History } from '#demo/history';
import { launchConsole, type RunningConsole } from './console-app';
import { EMBEDDED, online } from './embedded-console';
import type { DesktopSession } from './session';

/** The built console with the history of the demo in the service of its own. */
export interface DemoConsole extends History {
  readonly running: RunningConsole;
  readonly page: Page;
  readonly url: string;
}

/** Ends with the session. */
export async function startDemoConsole(
  session: DesktopSession,
  seed: string,
  env: Readonly<Record<string, string>> = {},
): Promise<DemoConsole> {
  const userDataFolder = await mkdtemp(join(tmpdir(), 'gatehouse-demo-test-'));
  session.beforeStop(() => rm(userDataFolder, { recursive: true, force: true, maxRetries: 10 }));
  const dataDir = join(userDataFolder, 'service');
  const history = await makeHistory({ dataDir, seed, startsAt: Date.now() });
  const running = await launchConsole({ session, userDataFolder, env: { ...EMBEDDED, ...env } });
  const page = await running.app.firstWindow();
  const { connection } = await online(page);
  if (!('service' in connection)) throw new Error('The console has no service.');
  return { ...history, running, page, url: connection.service.url };
}
