import type { Clock } from '../clock';

/** Wrong tokens from one address that cost nothing; each further one doubles the wait. */
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** After this long without a wrong token an address starts afresh. */
const FORGET_AFTER_MS = 60 * 60_000;
/** Addresses remembered; the oldest make room, so that a flood from many addresses cannot fill the memory. */
const MAX_ADDRESSES = 10_000;

interface Failures {
  count: number;
  lastAt: number;
  blockedUntil: number;
}

/**
 * Makes guessing access tokens slow, per address of the guesser. While an address waits, its tokens are not even
 * looked at, except those that were right from there before: somebody who guesses behind the same address must not
 * lock the administrators out.
 */
export class TokenGuard {
  readonly #failures = new Map<string, Failures>();
  readonly #known = new Set<string>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Seconds that the address has to wait before its next try, 0 when it may try now. */
  waitSeconds(address: string, tokenHash: string): number {
    if (this.#known.has(`${address} ${tokenHash}`)) return 0;
    const blockedUntil = this.#failures.get(address)?.blockedUntil ?? 0;
    return Math.max(0, Math.ceil((blockedUntil - this.#clock.now()) / 1000));
  }

  failed(address: string): void {
    const now = this.#clock.now();
    const before = this.#failures.get(address);
    const count = before === undefined || now - before.lastAt > FORGET_AFTER_MS ? 1 : before.count + 1;
    const over = count - FREE_FAILURES;
    const waitMs = over <= 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (over - 1), LONGEST_WAIT_MS);
    this.#failures.delete(address);
    this.#failures.set(address, { count, lastAt: now, blockedUntil: now + waitMs });
    if (this.#failures.size > MAX_ADDRESSES) {
      const [oldest] = this.#failures.keys();
      if (oldest !== undefined) this.#failures.delete(oldest);
    }
  }

  succeeded(address: string, tokenHash: string): void {
    const pair = `${address} ${tokenHash}`;
    if (this.#known.has(pair)) return;
    this.#known.add(pair);
    this.#failures.delete(address);
    if (this.#known.size > MAX_ADDRESSES) {
      const [oldest] = this.#known;
      if (oldest !== undefined) this.#known.delete(oldest);
    }
  }
}
