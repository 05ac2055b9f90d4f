import { createSequential, type Sequential } from '#shared/async/sequential';
import { formatAddress, formatCidr, parseAddress, subnetAround } from '#shared/ip/index';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import type { Clock } from '../runtime/clock';

/** A guesser's first wrong tokens cost nothing. Each further one doubles the wait (docs/behaviour.md 4.1.5). */
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = 15 * MINUTE_MS;
/** A guesser starts afresh after this long without a wrong token. */
const FORGET_AFTER_MS = HOUR_MS;
/** Limit of each list. The oldest entries make room, so that a flood from many addresses cannot fill the memory. */
const MAX_ENTRIES = 10_000;

interface Failures {
  readonly count: number;
  readonly lastAt: number;
  readonly blockedUntil: number;
}

interface Guess<T> {
  /** The caller's address. */
  readonly caller: string;
  readonly tokenHash: string;
  readonly find: () => Promise<T>;
  readonly isRight: (found: T) => boolean;
}

export type Guessed<T> =
  | { readonly kind: 'checked'; readonly found: T }
  /** The token was not checked, because its guesser has to wait. */
  | { readonly kind: 'wait'; readonly seconds: number };

/**
 * Makes guessing access tokens slow. While a guesser waits, only tokens that were right from there before are checked, so
 * that somebody who guesses behind the same address does not lock the administrators out. The package rate-limiter-flexible
 * bounds no memory, and orders no simultaneous guesses.
 */
export class TokenGuard {
  /** Guessers with no more failures than are free. */
  readonly #slips = new Map<string, Failures>();
  /** Guessers who have to wait, apart from the others, so that a flood of single guesses does not make the guard forget them. */
  readonly #slowed = new Map<string, Failures>();
  readonly #known = new Set<string>();
  readonly #queues = new Map<string, { readonly inTurn: Sequential; waiting: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Checks a token unless its guesser has to wait, and counts a wrong one. */
  async guess<T>({ caller, tokenHash, find, isRight }: Guess<T>): Promise<Guessed<T>> {
    const guesser = guesserOf(caller);
    const pair = `${guesser} ${tokenHash}`;
    const findAndCount = async (): Promise<Guessed<T>> => {
      const found = await find();
      if (isRight(found)) this.#succeeded(guesser, pair);
      else this.#failed(guesser, pair);
      return { kind: 'checked', found };
    };
    if (this.#known.has(pair)) return findAndCount();
    // Guesses run one after the other, so that many at once are as slow as many in a row.
    return this.#inTurn(guesser, async () => {
      const seconds = this.#known.has(pair) ? 0 : this.#waitSeconds(guesser);
      return seconds > 0 ? { kind: 'wait', seconds } : findAndCount();
    });
  }

  async #inTurn<T>(guesser: string, task: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(guesser) ?? { inTurn: createSequential(), waiting: 0 };
    this.#queues.set(guesser, queue);
    queue.waiting += 1;
    try {
      return await queue.inTurn(task);
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(guesser);
    }
  }

  #waitSeconds(guesser: string): number {
    const blockedUntil = this.#slowed.get(guesser)?.blockedUntil ?? 0;
    return Math.max(0, Math.ceil((blockedUntil - this.#clock.now()) / SECOND_MS));
  }

  #failed(guesser: string, pair: string): void {
    this.#known.delete(pair);
    const now = this.#clock.now();
    const before = this.#slowed.get(guesser) ?? this.#slips.get(guesser);
    const count = before === undefined || now - before.lastAt > FORGET_AFTER_MS ? 1 : before.count + 1;
    const over = count - FREE_FAILURES;
    const waitMs = over <= 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (over - 1), LONGEST_WAIT_MS);
    this.#forget(guesser);
    const list = over <= 0 ? this.#slips : this.#slowed;
    list.set(guesser, { count, lastAt: now, blockedUntil: now + waitMs });
    keepNewest(list);
  }

  #succeeded(guesser: string, pair: string): void {
    if (this.#known.has(pair)) return;
    this.#known.add(pair);
    this.#forget(guesser);
    keepNewest(this.#known);
  }

  #forget(guesser: string): void {
    this.#slips.delete(guesser);
    this.#slowed.delete(guesser);
  }
}

/**
 * Returns the unit whose guesses count together: an IPv4 address, or an IPv6 /64, because one machine can use all of its
 * addresses. A text that is no address is its own unit.
 */
function guesserOf(caller: string): string {
  const parsed = parseAddress(caller);
  if (!parsed.ok) return caller;
  const { address } = parsed;
  if (address.family === 4) return formatAddress(address);
  return formatCidr(subnetAround(address, { ipv4PrefixLength: 32, ipv6PrefixLength: 64 }));
}

function keepNewest(entries: Map<string, unknown> | Set<string>): void {
  if (entries.size <= MAX_ENTRIES) return;
  for (const oldest of entries.keys()) {
    entries.delete(oldest);
    return;
  }
}
