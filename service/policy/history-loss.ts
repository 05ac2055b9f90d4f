import { sentence, type Sentence } from '#shared/domain/sentence';
import { HOUR_MS } from '#shared/durations';
import { isoTime, type Clock } from '../runtime/clock';
import type { ServiceLog } from '../service-log';

/** A loss is told for this long (docs/behaviour.md 7.4.2). */
const TOLD_FOR_MS = HOUR_MS;

/** Tells that the database has lost changes that were acknowledged. */
export class HistoryLoss {
  readonly #clock: Clock;
  readonly #log: ServiceLog;
  readonly #onNews: () => void;
  #at = -Infinity;

  /** `onNews` is called when `why` changes. */
  constructor(clock: Clock, log: ServiceLog, onNews: () => void) {
    this.#clock = clock;
    this.#log = log;
    this.#onNews = onNews;
  }

  note(): void {
    this.#at = this.#clock.now();
    this.#log.write('error', 'feed.history_lost', { detail: this.why()?.english });
    this.#onNews();
  }

  /** Returns a sentence for administrators; undefined if nothing was lost lately. */
  why(): Sentence | undefined {
    if (this.#clock.now() - this.#at >= TOLD_FOR_MS) return undefined;
    return sentence('historyLost', { at: isoTime(this.#at) });
  }
}
