import { createSequential, type Sequential } from '#shared/async/sequential';
import { formatAddress, formatCidr, parseAddress, subnetAround } from '#shared/ip/index';
import type { Clock } from '../runtime/clock';

/** So many wrong tokens of one guesser cost nothing; each further one doubles the wait. */
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** A guesser starts afresh after this long without a wrong token. */
const FORGET_AFTER_MS = 60 * 60_000;
/** The oldest entries of each list make room, so that a flood from many addresses cannot fill the memory. */
const MAX_ENTRIES = 10_000;

interface Failures {
  readonly count: number;
  readonly lastAt: number;
  readonly blockedUntil: number;
}

export interface Guess<T> {
  /** The caller's address. */
  readonly caller: string;
  readonly tokenHash: string;
  readonly look: () => Promise<T>;
  readonly isRight: (found: T) => boolean;
}

export type Guessed<T> =
  | { readonly kind: 'looked'; readonly found: T }
  /** The token was not even looked at. */
  | { readonly kind: 'wait'; readonly seconds: number };

/**
 * Makes guessing access tokens slow, per guesser. While a guesser waits, no token from there is looked at, except those that
 * were right from there before: somebody who guesses behind the same address must not lock the administrators out.
 * rate-limiter-flexible would count failures here and no more: it has no bound of memory, one timer a guesser, its own clock,
 * and neither a growing wait nor an order among simultaneous guesses.
 */
export class TokenGuard {
  /** Holds guessers with no more failures than are free. */
  readonly #slips = new Map<string, Failures>();
  /** Holds the others apart, so that a flood of single guesses makes none of them forgotten. */
  readonly #slowed = new Map<string, Failures>();
  readonly #known = new Set<string>();
  readonly #lanes = new Map<string, { readonly inTurn: Sequential; waiting: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Looks at a token, unless its guesser has to wait, and counts a wrong one. */
  async guess<T>({ caller, tokenHash, look, isRight }: Guess<T>): Promise<Guessed<T>> {
    const guesser = guesserOf(caller);
    const pair = `${guesser} ${tokenHash}`;
    const lookAndCount = async (): Promise<Guessed<T>> => {
      const found = await look();
      if (isRight(found)) this.#succeeded(guesser, pair);
      else this.#failed(guesser, pair);
      return { kind: 'looked', found };
    };
    if (this.#known.has(pair)) return lookAndCount();
    // Many guesses at once are as slow as many in a row.
    return this.#inLane(guesser, async () => {
      const seconds = this.#known.has(pair) ? 0 : this.#waitSeconds(guesser);
      return seconds > 0 ? { kind: 'wait', seconds } : lookAndCount();
    });
  }

  async #inLane<T>(guesser: string, task: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(guesser) ?? { inTurn: createSequential(), waiting: 0 };
    this.#lanes.set(guesser, lane);
    lane.waiting += 1;
    try {
      return await lane.inTurn(task);
    } finally {
      lane.waiting -= 1;
      if (lane.waiting === 0) this.#lanes.delete(guesser);
    }
  }

  #waitSeconds(guesser: string): number {
    const blockedUntil = this.#slowed.get(guesser)?.blockedUntil ?? 0;
    return Math.max(0, Math.ceil((blockedUntil - this.#clock.now()) / 1000));
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
 * Returns whose guesses are counted together: an IPv4 address, or an IPv6 /64, within which one machine may have as many
 * addresses as it likes. A text that is no address counts as it is.
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
