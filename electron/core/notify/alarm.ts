import { MINUTE_MS } from '#shared/durations';
import type { Clock } from '../ports';

/** Timers stand still while a computer sleeps, and its clock can be set, so no sleep is longer than this. */
const LONGEST_SLEEP_MS = 5 * MINUTE_MS;

/** A timer for one moment, which can be moved. */
export class Alarm {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #atMs = Infinity;
  #sleep: AbortController | undefined;

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Milliseconds since the epoch, or Infinity for never. May fire early, never late. */
  set(atMs: number): void {
    if (atMs === this.#atMs) return;
    this.#sleep?.abort();
    this.#sleep = undefined;
    this.#atMs = atMs;
    if (atMs === Infinity) return;
    const sleep = new AbortController();
    this.#sleep = sleep;
    const delayMs = Math.min(Math.max(0, atMs - this.#clock.now()), LONGEST_SLEEP_MS);
    void this.#clock.sleep(delayMs, sleep.signal).then(() => {
      if (sleep.signal.aborted) return;
      this.#sleep = undefined;
      this.#atMs = Infinity;
      this.#onDue();
    });
  }
}
