/** Calls of one reader that may wait at a time: each is answered at every change. */
export const MAX_WAITING_PER_READER = 100;

/** More calls of one reader wait than may. */
export class TooManyWaiting extends Error {
  constructor() {
    super(`${MAX_WAITING_PER_READER} calls of yours wait for changes already, which is the most.`);
  }
}

export interface Wait {
  readonly readerId: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Tells waiting readers that an account has something new. It carries no data: readers look in the database, so a
 * signal too many is harmless and none can be lost between a look and a wait (see `version`).
 */
export class FeedHub {
  readonly #versions = new Map<string, number>();
  readonly #waiters = new Map<string, Set<() => void>>();
  readonly #waitingOf = new Map<string, number>();
  /** Counts what was published to every account. */
  #toAll = 0;
  #closed = false;

  /** Readers that wait. */
  get waiting(): number {
    let count = 0;
    for (const waiters of this.#waiters.values()) count += waiters.size;
    return count;
  }

  /** Grows with each publication; remember it before looking, hand it to `wait` afterwards. */
  version(accountId: string): number {
    return (this.#versions.get(accountId) ?? 0) + this.#toAll;
  }

  publish(accountId: string): void {
    this.#versions.set(accountId, (this.#versions.get(accountId) ?? 0) + 1);
    this.#wake(accountId);
  }

  /** Something is new that concerns every account. */
  publishToAll(): void {
    this.#toAll += 1;
    for (const accountId of [...this.#waiters.keys()]) this.#wake(accountId);
  }

  #wake(accountId: string): void {
    const waiters = this.#waiters.get(accountId);
    this.#waiters.delete(accountId);
    for (const wake of waiters ?? []) wake();
  }

  /**
   * Resolves at the first publication after `seenVersion`, after `waitMs`, on abort, or when the hub closes.
   * @throws TooManyWaiting
   */
  async wait(accountId: string, seenVersion: number, { readerId, waitMs, signal }: Wait): Promise<void> {
    if (this.#closed || signal.aborted || waitMs <= 0 || this.version(accountId) !== seenVersion) return;
    const others = this.#waitingOf.get(readerId) ?? 0;
    if (others >= MAX_WAITING_PER_READER) throw new TooManyWaiting();
    this.#waitingOf.set(readerId, others + 1);
    await new Promise<void>((resolve) => {
      const waiters = this.#waiters.get(accountId) ?? new Set();
      this.#waiters.set(accountId, waiters);
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        waiters.delete(wake);
        this.#ended(readerId);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      signal.addEventListener('abort', wake, { once: true });
      waiters.add(wake);
    });
  }

  #ended(readerId: string): void {
    const left = (this.#waitingOf.get(readerId) ?? 1) - 1;
    if (left > 0) this.#waitingOf.set(readerId, left);
    else this.#waitingOf.delete(readerId);
  }

  /** Wakes everybody, for the end of the service. */
  close(): void {
    this.#closed = true;
    this.publishToAll();
  }
}
