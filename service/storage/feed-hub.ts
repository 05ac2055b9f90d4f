/** Calls of one reader that may wait at a time. Each change answers all of them. */
export const MAX_WAITING_PER_READER = 100;

/** How long counts gather before readers are told. */
const LATER_MS = 3_000;

/** The reader has too many calls waiting. */
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
 * Wakes readers that wait for news of an account. It carries no data: readers look in the database, so a needless signal is
 * harmless, and `version` makes sure that none is lost between a look and a wait.
 */
export class FeedHub {
  readonly #versions = new Map<string, number>();
  readonly #waiters = new Map<string, Set<() => void>>();
  readonly #waitingOf = new Map<string, number>();
  /** Number of publications to all accounts. */
  #toAll = 0;
  /** Publications that are to come. */
  readonly #later = new Map<string, NodeJS.Timeout>();
  #closed = false;

  get waiting(): number {
    let count = 0;
    for (const waiters of this.#waiters.values()) count += waiters.size;
    return count;
  }

  /** Returns a number that grows with each publication. Callers read it before they look and pass it to `wait`. */
  version(accountId: string): number {
    return (this.#versions.get(accountId) ?? 0) + this.#toAll;
  }

  publish(accountId: string): void {
    clearTimeout(this.#later.get(accountId));
    this.#later.delete(accountId);
    this.#versions.set(accountId, (this.#versions.get(accountId) ?? 0) + 1);
    this.#wake(accountId);
  }

  /** Publishes in a few seconds, once for all that is asked for meanwhile. */
  publishLater(accountId: string): void {
    if (this.#closed || this.#later.has(accountId)) return;
    const timer = setTimeout(() => this.publish(accountId), LATER_MS);
    this.#later.set(accountId, timer.unref());
  }

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

  /** Wakes all readers, because the service ends. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
    this.publishToAll();
  }
}
