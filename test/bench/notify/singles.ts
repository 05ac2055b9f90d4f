import type { RemoteDesktop } from '#test/support/desktop/remote-desktop';
import { heading, percentile, target } from '../figures';
import { createCaller } from './calls';

const PAUSE_MS = 1_000;
const LIMIT_MS = 10_000;

/**
 * One blocked call a second, each from an address of its own and answered from its notification: how long until the
 * notification is there, and how long from the press on its button until the address is let in. Targets: docs/behaviour.md 9.3 and 9.5.
 */
export const measureSingles = async (
  { session, service, secret }: RemoteDesktop,
  calls: number,
): Promise<void> => {
  heading(`One blocked call a second, ${calls} calls`);
  const caller = createCaller(service.url, secret);
  const toNotification: number[] = [];
  const toEnforced: number[] = [];
  for (let n = 0; n < calls; n += 1) {
    const ip = `198.51.${100 + (n >> 8)}.${n & 255}`;
    const startedAt = Date.now();
    const { status, sentAt } = await caller.call(ip);
    if (status !== 401) throw new Error(`${ip} was answered with ${status}`);
    const shown = await session.waitForNotification(({ summary }) => summary.includes(ip), LIMIT_MS);
    toNotification.push(shown.atMs - sentAt);

    const authorize = shown.actions.find(({ key }) => key.startsWith('authorize'));
    if (authorize === undefined) throw new Error(`no button: ${JSON.stringify(shown.actions)}`);
    const pressedAt = Date.now();
    await session.invokeAction(shown.id, authorize.key);
    while ((await caller.call(ip)).status !== 200) {
      if (Date.now() - pressedAt > LIMIT_MS) throw new Error(`${ip} was never let in`);
    }
    toEnforced.push(Date.now() - pressedAt);
    // Long enough also for its second notification to go, so that they do not become a summary.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + PAUSE_MS - Date.now())));
  }
  caller.close();
  console.log(`  blocked call to notification, p50 (ms): ${percentile(toNotification, 0.5)}`);
  target('blocked call to notification, p99 (ms)', percentile(toNotification, 0.99), 500, 'at most');
  console.log(
    `  press to enforced, p50 and longest (ms): ${percentile(toEnforced, 0.5)}, ${Math.max(...toEnforced)}`,
  );
  target('press to enforced, p99 (ms)', percentile(toEnforced, 0.99), 100, 'at most');
};
