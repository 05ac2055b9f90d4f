import { DAY_MS } from '#shared/durations';
import type { Clock } from '../runtime/clock';

/** A daily allowance for each holder, counted in memory. Holders are users, so their number is bounded. */
export class DailyAllowance {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #used = new Map<string, { readonly since: number; count: number }>();

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Uses one. Returns false if none is left today. */
  take(holder: string): boolean {
    const now = this.#clock.now();
    let used = this.#used.get(holder);
    if (used === undefined || now - used.since >= DAY_MS || now < used.since) {
      used = { since: now, count: 0 };
      this.#used.set(holder, used);
    }
    if (used.count >= this.#most) return false;
    used.count += 1;
    return true;
  }
}
