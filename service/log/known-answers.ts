import type { KnownSecret } from '../account/policy';
import type { CallVerdict } from '../gate/gate';
import { CountedAnswer, type Fold, type KnownAnswer } from './fold';
import type { FoldTable } from './fold-table';

/**
 * A caller as whoever reads requests remembers it. Its last known answer is kept with it: nearly every call repeats one, and
 * each look into a table that is too large for the processor's cache costs as much as all the rest.
 */
export interface RememberedCaller {
  /** Canonical text of its address. */
  readonly ip: string;
  known: CountedAnswer | undefined;
}

/** What repeats of a call get, with one look and one count, and how often they did. */
export class KnownAnswers {
  readonly #folds: Pick<FoldTable, 'of'>;
  /** Those that calls got since they were last taken. */
  #given: CountedAnswer[] = [];
  /** When the first of these calls came. */
  #sinceMs = 0;
  #lastNow = 0;
  #setBacks = 0;

  constructor(folds: Pick<FoldTable, 'of'>) {
    this.#folds = folds;
  }

  /** Gives the answer to calls from now on which repeat this one, until the fold ends at the latest. */
  remember(known: KnownAnswer, fold: Fold, foldEndsAt: number): void {
    const until = Math.min(known.until, foldEndsAt);
    fold.known = new CountedAnswer(known, fold, until, this.#setBacks);
  }

  /** The answer that is known for the caller and holds, which is counted; undefined where there is none. */
  give(caller: RememberedCaller, secret: KnownSecret, now: number): CallVerdict | undefined {
    if (now < this.#lastNow) this.#setBacks += 1;
    this.#lastNow = now;
    const { known } = caller;
    if (known !== undefined && this.#holds(known, secret, now)) return this.#counted(known, now);
    for (const fold of this.#folds.of(secret.keyId, caller.ip) ?? []) {
      if (fold.known === undefined || !this.#holds(fold.known, secret, now)) continue;
      caller.known = fold.known;
      return this.#counted(fold.known, now);
    }
    return undefined;
  }

  /** Hands over what was given since the last time; `lastAt` is when the last of the calls came. */
  take(count: (fold: Fold, answer: CallVerdict, calls: number, lastAt: number) => void): void {
    const given = this.#given;
    this.#given = [];
    for (const known of given) {
      const { calls } = known;
      known.calls = 0;
      count(known.fold, known.answer, calls, this.#sinceMs + known.lastMs);
    }
  }

  /** Whether the answer is the one that a call with this secret would get now. */
  #holds(known: CountedAnswer, secret: KnownSecret, now: number): boolean {
    return (
      known.secret === secret &&
      known.modeEdits === known.policy.modeEdits &&
      known.setBacks === this.#setBacks &&
      now < known.until &&
      (known.questionEdits === undefined || known.questionEdits === known.policy.questionEdits) &&
      this.#isWithoutEdits(known)
    );
  }

  /** Edits that do not concern the address are looked at once. */
  #isWithoutEdits(known: CountedAnswer): boolean {
    const { ranges } = known.policy;
    if (known.rangeEdits === ranges.edits) return true;
    if (ranges.isEdited(known.fold.facts.address, known.rangeEdits)) return false;
    known.rangeEdits = ranges.edits;
    return true;
  }

  #counted(known: CountedAnswer, now: number): CallVerdict {
    if (known.calls === 0) {
      if (this.#given.length === 0) this.#sinceMs = now;
      this.#given.push(known);
    }
    // One that holds again after the clock was put back has had later calls.
    const lastMs = now - this.#sinceMs;
    known.lastMs = known.calls === 0 ? lastMs : Math.max(known.lastMs, lastMs);
    known.calls += 1;
    return known.answer;
  }
}
