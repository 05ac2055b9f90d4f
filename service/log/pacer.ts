import { createSequential } from '#shared/async/sequential';
import { othersFirst } from '../breather';

/**
 * Keeps long work over the log from stopping everything else. SQLite answers on the thread that also answers checks:
 * so the work is cut into short steps, one step has its turn at a time whoever asks, and between two of them the
 * service does what came in meanwhile.
 */
export interface Pacer {
  /** Does one step, when it is its turn. */
  turn<T>(step: () => Promise<T>): Promise<T>;
}

export const createPacer = (): Pacer => {
  const sequential = createSequential();
  return {
    turn: (step) =>
      sequential(async () => {
        await othersFirst();
        return step();
      }),
  };
};

/** How long one step should hold the thread. */
const TARGET_MS = 8;
const SMALLEST = 50;
const LARGEST = 20_000;
const MOST_GROWTH = 2;

/** How many rows to take in a step, so that it takes about as long as it should: learned from the steps before. */
export class StepSize {
  #rows: number;
  readonly #nowMs: () => number;

  constructor(firstRows: number, nowMs: () => number = () => performance.now()) {
    this.#rows = firstRows;
    this.#nowMs = nowMs;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Does a step and takes its time. */
  async measure<T>(step: () => Promise<T>): Promise<T> {
    const startedAt = this.#nowMs();
    const result = await step();
    const factor = Math.min(MOST_GROWTH, TARGET_MS / Math.max(this.#nowMs() - startedAt, 0.1));
    this.#rows = Math.round(Math.min(LARGEST, Math.max(SMALLEST, this.#rows * factor)));
    return result;
  }
}
