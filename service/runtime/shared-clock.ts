import { sentence, type Sentence } from '#shared/domain/sentence';
import { SECOND_MS } from '#shared/durations';
import type { Clock } from './clock';

/** A smaller difference is not corrected, because the answer of a busy database takes its time too. */
const TOLERANCE_MS = 50;
/** A larger difference is a fault of the computer, of which administrators are told. */
const TOLD_FROM_MS = 10 * SECOND_MS;

/**
 * The time of the database, by which all processes go that share it: the clock of this computer, corrected by the measured
 * offset. Where nothing was measured it is the computer's.
 */
export class SharedClock implements Clock {
  readonly #own: Clock;
  #offsetMs = 0;

  constructor(own: Clock) {
    this.#own = own;
  }

  now(): number {
    return this.#own.now() + this.#offsetMs;
  }

  /** By how many milliseconds the database is ahead of this computer. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Measures the offset with a question that the database answers with its time. Undefined there means that it is not known. */
  async measure<T extends { readonly databaseMs: number | undefined }>(ask: () => Promise<T>): Promise<T> {
    const askedAt = this.#own.now();
    const answer = await ask();
    const answeredAt = this.#own.now();
    if (answer.databaseMs === undefined) return answer;
    // The database has looked at its clock somewhere between.
    const uncertainMs = Math.abs(answeredAt - askedAt) / 2;
    const offsetMs = Math.round(answer.databaseMs - (askedAt + answeredAt) / 2);
    if (Math.abs(offsetMs - this.#offsetMs) > uncertainMs + TOLERANCE_MS) this.#offsetMs = offsetMs;
    return answer;
  }

  /** Returns a sentence for administrators; undefined if the clocks agree well enough. */
  why(): Sentence | undefined {
    if (Math.abs(this.#offsetMs) <= TOLD_FROM_MS) return undefined;
    const seconds = Math.round(Math.abs(this.#offsetMs) / SECOND_MS);
    return sentence(this.#offsetMs > 0 ? 'clockBehind' : 'clockAhead', { seconds });
  }
}
