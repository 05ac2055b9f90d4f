interface Waiter {
  readonly look: () => boolean;
  readonly fail: (reason: string) => void;
}

/** Waits for conditions on something that reports its changes. */
export class Waiting {
  readonly #waiters = new Set<Waiter>();
  #over: string | undefined;

  /**
   * Resolves with the first result of `find` that is not undefined, now or after a change; rejects with `describe()` after
   * the deadline, and at once when no change can come any more.
   */
  until<T>(find: () => T | undefined, deadlineMs: number, describe: () => string): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        look: () => {
          const found = find();
          if (found === undefined) return false;
          settle();
          resolve(found);
          return true;
        },
        fail: (reason) => {
          settle();
          reject(new Error(reason));
        },
      };
      const timer = setTimeout(() => waiter.fail(describe()), deadlineMs);
      if (waiter.look()) return;
      if (this.#over === undefined) this.#waiters.add(waiter);
      else waiter.fail(this.#over);
    });
  }

  lookAgain(): void {
    for (const waiter of [...this.#waiters]) waiter.look();
  }

  giveUp(reason: string): void {
    this.#over = reason;
    for (const waiter of [...this.#waiters]) waiter.fail(reason);
  }
}
