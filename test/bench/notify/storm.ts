import type { RemoteDesktop } from '#test/support/desktop/remote-desktop';
import type { ShownNotification } from '#test/support/desktop/session';
import { waitFor } from '#test/support/wait-for';
import { heading, percentile, target } from '../figures';
import { createCaller } from './calls';

const TICK_MS = 10;

/** A key has no more open reviews, so more addresses would not be announced one by one. */
const ADDRESSES = 1_000;

interface StormOptions {
  readonly seconds: number;
  readonly callsPerSecond: number;
}

/**
 * As many blocked calls a second, from a thousand addresses that come one after the other and go on calling: how long from the
 * first call of an address until a notification on the screen counts it. Which of the addresses a summary counts it does not
 * say, so the nth review is taken for the nth address; calls hardly overtake each other. Target: docs/behaviour.md 9.5.
 */
export const measureStorm = async (
  desktop: RemoteDesktop,
  { seconds, callsPerSecond }: StormOptions,
): Promise<void> => {
  heading(`${callsPerSecond} blocked calls a second, ${seconds} s`);
  const { session, service, secret } = desktop;
  const caller = createCaller(service.url, secret);
  const before = session.notifications.length;
  const open = (await desktop.pendingReviews()).length;
  /** When each address called first. */
  const sentAt: number[] = [];
  const answers: Promise<unknown>[] = [];
  const addresses = ADDRESSES - open;
  const total = seconds * callsPerSecond;
  const startedAt = Date.now();
  while (answers.length < total) {
    const due = Math.min(total, Math.floor(((Date.now() - startedAt) / 1_000) * callsPerSecond));
    while (answers.length < due) {
      const isNew = sentAt.length <= (answers.length / total) * addresses;
      if (isNew) sentAt.push(Date.now());
      const n = isNew ? sentAt.length - 1 : answers.length % sentAt.length;
      answers.push(caller.call(`10.0.${n >> 8}.${n & 255}`));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(answers);
  caller.close();
  const counted = (): readonly ShownNotification[] => session.notifications.slice(before);
  await waitFor(
    'the summary to count every address',
    () => covered(counted(), addresses + open) && true,
    60_000,
  );

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
