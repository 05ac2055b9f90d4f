import { randomBytes } from 'node:crypto';
import type { Clock, Random } from './ports';

/** `setTimeout` takes at most 31 bits of milliseconds; a longer sleep has several parts. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(delayMs, signal) {
    let leftMs = delayMs;
    while (leftMs > 0 && !signal.aborted) {
      const pieceMs = Math.min(leftMs, LONGEST_TIMER_MS);
      await sleepOnce(pieceMs, signal);
      leftMs -= pieceMs;
    }
  },
};

function sleepOnce(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    signal.addEventListener('abort', finish);
  });
}

export const systemRandom: Random = {
  fraction: () => Math.random(),
  token: () => randomBytes(32).toString('base64url'),
};
