import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Clock } from './clock';

/** Makes ULIDs that sort in the order in which they were made, also within one millisecond. */
export type IdFactory = () => string;

const POOL_BYTES = 1_024;

/**
 * Returns random numbers from 0 up to, but not including, 1. An id takes sixteen of them, which are cheaper from a pool
 * than one by one.
 */
function createRandomShares(): () => number {
  const pool = new Uint8Array(POOL_BYTES);
  let next = POOL_BYTES;
  return () => {
    if (next === POOL_BYTES) {
      randomFillSync(pool);
      next = 0;
    }
    const byte = pool[next] ?? 0;
    next += 1;
    return byte / 256;
  };
}

export function createIdFactory(clock: Clock): IdFactory {
  const next = monotonicFactory(createRandomShares());
  return () => next(clock.now());
}
