export interface Calls {
  allowed: number;
  blocked: number;
}

export const noCalls = (): Calls => ({ allowed: 0, blocked: 0 });

/** Adds the calls of a row; the count of blocked calls is negative. */
export const addCalls = (calls: Calls, signedCount: number): void => {
  if (signedCount < 0) calls.blocked -= signedCount;
  else calls.allowed += signedCount;
};

const MOST_BUCKETS = 120;
const MS_PER_SECOND = 1_000;
const DAY_SECONDS = 86_400;

/** Bucket lengths that are familiar to people. */
const BUCKET_SECONDS = [
  60,
  5 * 60,
  10 * 60,
  15 * 60,
  30 * 60,
  3_600,
  2 * 3_600,
  3 * 3_600,
  6 * 3_600,
  12 * 3_600,
  DAY_SECONDS,
  2 * DAY_SECONDS,
  7 * DAY_SECONDS,
  14 * DAY_SECONDS,
  28 * DAY_SECONDS,
];

/** Returns the shortest familiar length that needs at most 120 buckets; beyond four weeks, whole days. */
export const bucketSecondsFor = (fromMs: number, toMs: number): number => {
  const seconds = Math.max(0, toMs - fromMs) / MS_PER_SECOND;
  // Buckets start at whole multiples of their length, so that the time may touch one bucket more than it fills.
  const longEnough = seconds / (MOST_BUCKETS - 1);
  return (
    BUCKET_SECONDS.find((length) => length >= longEnough) ?? Math.ceil(longEnough / DAY_SECONDS) * DAY_SECONDS
  );
};

/** Counts of calls over time, in buckets that start at whole multiples of their length in UTC. */
export class Timeline {
  readonly bucketSeconds: number;
  readonly #bucketMs: number;
  readonly #firstBucket: number;
  readonly #buckets: Calls[];

  /** Covers `fromMs` to `toMs`, without the latter unless both are equal. */
  constructor(fromMs: number, toMs: number) {
    this.bucketSeconds = bucketSecondsFor(fromMs, toMs);
    this.#bucketMs = this.bucketSeconds * MS_PER_SECOND;
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
