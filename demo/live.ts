import { setTimeout as sleep } from 'node:timers/promises';
import { HOUR_MS } from '#shared/durations';
import type { History } from './history';
import { visitsInHour, type Visit } from './traffic/scenarios';

interface LiveOptions extends Pick<History, 'secrets'> {
  /** The service's address. */
  readonly url: string;
  readonly seed: string;
  readonly signal: AbortSignal;
}

/** Enough to see counts grow, without a peak in the timeline. */
const MOST_CALLS = 2;
const AFTER_FAILURE_MS = 1_000;

/** Makes the calls of a visit as a proxy does. */
export async function playVisit(
  url: string,
  secrets: History['secrets'],
  visit: Visit,
  signal?: AbortSignal,
): Promise<void> {
  for (let n = 0; n < Math.min(visit.calls, MOST_CALLS); n += 1) {
    const response = await fetch(`${url}/v1/check`, {
      headers: {
        'api-key': secrets.get(visit.key) ?? '',
        'x-forwarded-for': visit.ip,
        'x-original-method': visit.method,
        'x-original-uri': visit.path,
        'user-agent': visit.userAgent,
      },
      ...(signal && { signal }),
    });
    await response.arrayBuffer();
  }
}

async function play({ url, secrets, seed, signal }: LiveOptions): Promise<void> {
  const startedAt = performance.now();
  for (let hour = 0; ; hour += 1) {
    for (const visit of visitsInHour(seed, hour)) {
      const dueInMs = startedAt + visit.at - performance.now();
      if (dueInMs > 0) await sleep(dueInMs, undefined, { signal });
      // The service ends a little before its console does.
      await playVisit(url, secrets, visit, signal).catch(() =>
        sleep(AFTER_FAILURE_MS, undefined, { signal }),
      );
    }
    const restMs = startedAt + (hour + 1) * HOUR_MS - performance.now();
    if (restMs > 0) await sleep(restMs, undefined, { signal });
  }
}

/** Calls the data plane as a proxy does, until it is aborted. */
export async function playLiveTraffic(options: LiveOptions): Promise<void> {
  await play(options).catch((error: unknown) => {
    if (!options.signal.aborted) throw error;
  });
}
