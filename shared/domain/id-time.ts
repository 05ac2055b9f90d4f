import { encodeTime } from 'ulid';

const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;
const LATEST_MS = 2 ** 48 - 1;

/** Returns the lowest ULID of a millisecond. Ids of earlier milliseconds are lower, all others are not. */
export function lowestIdAt(epochMs: number): string {
  return (
    encodeTime(Math.min(LATEST_MS, Math.max(0, Math.floor(epochMs))), TIME_LENGTH) + '0'.repeat(RANDOM_LENGTH)
  );
}
