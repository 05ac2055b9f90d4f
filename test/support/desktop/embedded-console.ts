import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Welcome } from '#shared/ipc/connection';
import type { MirrorSnapshot } from '#shared/ipc/mirror';
import { waitFor } from '../wait-for';
import type { RunningConsole } from './console-app';
import { type BridgeScope, valueOf } from './remote-desktop';

/** The console with the service of its own, on any free port. */
export const EMBEDDED = { GATEHOUSE_EMBEDDED_LISTEN: '127.0.0.1:0' };

export async function mirrorOf(page: Page): Promise<MirrorSnapshot> {
  return valueOf(
    await page.evaluate(() => (globalThis as unknown as BridgeScope).gatehouse.call('mirror', 'snapshot')),
  );
}

/** Another console may start on the same machine at the same time. */
const PATIENT_MS = 60_000;

/** Waits until the console is online and in sync. */
export function online(page: Page): Promise<MirrorSnapshot> {
  const probe = async (): Promise<MirrorSnapshot | false> => {
    const mirror = await mirrorOf(page);
    return mirror.connection.kind === 'online' && mirror.lastSyncAt !== null && mirror;
  };
  return waitFor('the console to be online and in sync', probe, PATIENT_MS);
}

/** Returns the first key, which the console has made. */
export async function welcomeOf(page: Page): Promise<Welcome> {
  const welcome = valueOf(
    await page.evaluate(() => (globalThis as unknown as BridgeScope).gatehouse.call('welcome', 'get')),
  );
  if (welcome === null) throw new Error('There is no welcome.');
  return welcome;
}

/** Has reviews opened: a new account learns until a person is to decide. Resolves once the service enforces it. */
export async function decideByHand(page: Page): Promise<void> {
  valueOf(
    await page.evaluate(() =>
      (globalThis as unknown as BridgeScope).gatehouse.call('mode', 'set', { mode: 'manual' }),
    ),
  );
  const isEnforced = async (): Promise<boolean> => {
    const { account, sync } = await mirrorOf(page);
    return account?.mode === 'manual' && sync.waiting === 0;
  };
  await waitFor('the mode to be enforced', isEnforced);
}

/** Returns the console's own log. */
export function logOf({ userDataFolder }: RunningConsole): string {
  return readFileSync(join(userDataFolder, 'logs', 'console.log'), 'utf8');
}
