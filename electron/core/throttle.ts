import type { Clock } from './ports';

/** Runs its work at once, and at most once in each interval. No timer runs while nobody asks. */
export class Throttle {
  readonly #work: () => void;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  #isResting = false;
  #isAsked = false;

  constructor(work: () => void, intervalMs: number, clock: Clock) {
    this.#work = work;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
  }

  ask(): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#isResting) this.#isAsked = true;
    else this.#run();
  }

  stop(): void {
    this.#stopping.abort();
  }

  #run(): void {
    this.#isAsked = false;
    this.#isResting = true;
    void this.#clock.sleep(this.#intervalMs, this.#stopping.signal).then(() => {
      this.#isResting = false;
      if (this.#isAsked) this.ask();
    });
    this.#work();
  }
}
