import type { RemoteDesktop } from '#test/support/desktop/remote-desktop';
import type { ShownNotification } from '#test/support/desktop/session';
import { waitFor } from '#test/support/wait-for';
import { heading, percentile, target } from '../figures';
import { createCaller } from './calls';

const TICK_MS = 10;

interface StormOptions {
  /** Of a second each; every one from addresses of its own. */
  readonly rounds: number;
  readonly callsPerSecond: number;
}

/**
 * As many blocked calls a second, each from an address of its own: how long until a notification on the screen counts the
 * call. Which of the addresses a summary counts it does not say, so the nth question is taken for the nth call; calls
 * hardly overtake each other. Target: SPEC 6.
 */
export const measureStorm = async (
  desktop: RemoteDesktop,
  { rounds, callsPerSecond }: StormOptions,
): Promise<void> => {
  heading(`${callsPerSecond} blocked calls a second, ${rounds} s`);
  const { session, service, secret } = desktop;
  const caller = createCaller(service.url, secret);
  const before = session.notifications.length;
  const open = (await desktop.pendingReviews()).length;
  const sentAt: number[] = [];
  const answers: Promise<unknown>[] = [];
  const total = rounds * callsPerSecond;
  const startedAt = Date.now();
  while (sentAt.length < total) {
    const due = Math.min(total, Math.floor(((Date.now() - startedAt) / 1_000) * callsPerSecond));
    for (let n = sentAt.length; n < due; n += 1) {
      sentAt.push(Date.now());
      answers.push(caller.call(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(answers);
  caller.close();
  const counted = (): readonly ShownNotification[] => session.notifications.slice(before);
  await waitFor('the summary to count every call', () => covered(counted(), total + open) && true, 60_000);

  const latencies: number[] = [];
  for (const [index, sent] of sentAt.entries()) {
    const shown = covered(counted(), index + 1 + open);
    if (shown !== undefined) latencies.push(shown.atMs - sent);
  }
  const told = counted();
  console.log(
    `  ${told.length} notifications and updates, ${new Set(told.map(({ id }) => id)).size} of them apart`,
  );
  console.log(`  blocked call to notification, p50 (ms): ${percentile(latencies, 0.5)}`);
  target('blocked call to notification, p99 (ms)', percentile(latencies, 0.99), 500, 'at most');
};

/** The first notification that counts at least so many: singles one by one, a summary as it says. */
const covered = (shown: readonly ShownNotification[], count: number): ShownNotification | undefined => {
  let singles = 0;
  return shown.find(({ summary, replacesId }) => {
    const addresses = /([\d,]+) addresses/.exec(summary)?.[1];
    if (addresses !== undefined) return Number(addresses.replaceAll(',', '')) >= count;
    if (replacesId === 0) singles += 1;
    return singles >= count;
  });
};
