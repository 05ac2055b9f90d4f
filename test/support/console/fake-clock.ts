import type { Clock } from '#electron/core/ports';

interface Sleeper {
  readonly delayMs: number;
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** A clock that moves only when it is told to, and records its sleepers. */
export class FakeClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  readonly #watchers = new Set<() => void>();
  #nowMs = Date.UTC(2026, 0, 15, 12, 0, 0);

  now(): number {
    return this.#nowMs;
  }

  sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || delayMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { delayMs, wakeAtMs: this.#nowMs + delayMs, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', wake);
      for (const watcher of this.#watchers) watcher();
    });
  }

  /** The current sleepers' delays in milliseconds. */
  get sleeps(): readonly number[] {
    return [...this.#sleepers].map(({ delayMs }) => delayMs);
  }

  /** Waits until somebody sleeps, and returns the first sleeper's delay. */
  async nextSleep(): Promise<number> {
    while (this.#sleepers.size === 0) await this.#nextSleeper();
    return this.sleeps[0] ?? 0;
  }

  /** Moves time on and wakes the sleepers that are due. */
  advance(ms: number): void {
    // Every clock has whole milliseconds.
    this.#nowMs += Math.ceil(ms);
    for (const sleeper of [...this.#sleepers]) if (sleeper.wakeAtMs <= this.#nowMs) sleeper.wake();
  }

  /** Waits until somebody sleeps, lets that delay pass, and returns it. */
  async passSleep(): Promise<number> {
    const delayMs = await this.nextSleep();
    this.advance(delayMs);
    return delayMs;
  }

  /** Waits until somebody sleeps for exactly this delay, and lets it pass. */
  async passSleepOf(delayMs: number): Promise<void> {
    while (!this.sleeps.includes(delayMs)) await this.#nextSleeper();
    this.advance(delayMs);
  }

  #nextSleeper(): Promise<void> {
    return new Promise((resolve) => {
      const watcher = (): void => {
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }
}
