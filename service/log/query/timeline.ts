import { DAY_SECONDS, HOUR_SECONDS, SECOND_MS } from '#shared/durations';

export interface Calls {
  allowed: number;
  blocked: number;
}

export function noCalls(): Calls {
  return { allowed: 0, blocked: 0 };
}

/** Adds the calls of a row; the count of blocked calls is negative. */
export function addCalls(calls: Calls, signedCount: number): void {
  if (signedCount < 0) calls.blocked -= signedCount;
  else calls.allowed += signedCount;
}

const MOST_BUCKETS = 120;

/** Bucket lengths that are familiar to people. */
const BUCKET_SECONDS = [
  ...[1, 5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_SECONDS),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY_SECONDS),
];

/** Returns the shortest familiar length that needs at most 120 buckets; beyond four weeks, whole days. */
export function bucketSecondsFor(fromMs: number, toMs: number): number {
  const seconds = Math.max(0, toMs - fromMs) / SECOND_MS;
  // Buckets start at whole multiples of their length, so that the time may touch one bucket more than it fills.
  const longEnough = seconds / (MOST_BUCKETS - 1);
  return (
    BUCKET_SECONDS.find((length) => length >= longEnough) ?? Math.ceil(longEnough / DAY_SECONDS) * DAY_SECONDS
  );
}

/** Counts of calls over time, in buckets that start at whole multiples of their length in UTC. */
export class Timeline {
  readonly bucketSeconds: number;
  readonly #bucketMs: number;
  readonly #firstBucket: number;
  readonly #buckets: Calls[];

  /** Covers `fromMs` to `toMs`, without the latter unless both are equal. */
  constructor(fromMs: number, toMs: number) {
    this.bucketSeconds = bucketSecondsFor(fromMs, toMs);
    this.#bucketMs = this.bucketSeconds * SECOND_MS;
    this.#firstBucket = Math.floor(fromMs / this.#bucketMs);
    const lastBucket = Math.floor(Math.max(fromMs, toMs - 1) / this.#bucketMs);
    this.#buckets = Array.from({ length: lastBucket - this.#firstBucket + 1 }, noCalls);
  }

  /** Counts calls at a time. Calls outside the covered time count in the first or last bucket. */
  add(atMs: number, signedCount: number): void {
    const index = Math.floor(atMs / this.#bucketMs) - this.#firstBucket;
    const bucket = this.#buckets[Math.min(this.#buckets.length - 1, Math.max(0, index))];
    if (bucket !== undefined) addCalls(bucket, signedCount);
  }

  /** Returns all buckets in order, with their start in milliseconds since the epoch. */
  entries(): readonly (Readonly<Calls> & { readonly atMs: number })[] {
    return this.#buckets.map((calls, index) => ({
      atMs: (this.#firstBucket + index) * this.#bucketMs,
      ...calls,
    }));
  }
}
