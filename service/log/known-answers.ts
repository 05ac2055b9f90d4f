import type { AccountPolicy, KnownSecret } from '../account/policy';
import type { GateAnswer } from '../gate/gate-answer';
import type { Fold } from './fold-table';

/**
 * The answer that a call of a secret from an address got, and for how long one that repeats it would get the same if it
 * were judged anew: while the secret and the account's policy are what they were, and within the times.
 */
export interface KnownAnswer {
  readonly answer: GateAnswer;
  readonly secret: KnownSecret;
  readonly policy: AccountPolicy;
  readonly policyEdits: number;
  /** Undefined where the answer has nothing to do with questions. */
  readonly questionEdits: number | undefined;
  /** Milliseconds since the epoch; a clock that is put back behind it asks anew. */
  readonly from: number;
  /** The answer holds no more from then on. */
  readonly until: number;
}

/** A known answer with the calls that got it since they were last counted towards the fold. */
export interface CountedAnswer extends KnownAnswer {
  readonly fold: Fold;
  calls: number;
  lastAt: number;
}

/** Whether the answer is the one that a call with this secret would get now. */
const holds = (known: KnownAnswer, secret: KnownSecret, now: number): boolean =>
  known.secret === secret &&
  known.policyEdits === known.policy.edits &&
  now >= known.from &&
  now < known.until &&
  (known.questionEdits === undefined || known.questionEdits === known.policy.questionEdits);

/** What repeats of a call get, with one look and one count, and how often they did. */
export class KnownAnswers {
  /** Those that calls got since they were last taken. */
  #given: CountedAnswer[] = [];

  /** The answer that is known for one of these folds and holds, which is counted; undefined where there is none. */
  give(folds: readonly Fold[], secret: KnownSecret, now: number): GateAnswer | undefined {
    for (const { known } of folds) {
      if (known === undefined || !holds(known, secret, now)) continue;
      if (known.calls === 0) this.#given.push(known);
      known.lastAt = known.calls === 0 ? now : Math.max(known.lastAt, now);
      known.calls += 1;
      return known.answer;
    }
    return undefined;
  }

  /** Hands over what was given since the last time. */
  take(count: (fold: Fold, answer: GateAnswer, calls: number, lastAt: number) => void): void {
    const given = this.#given;
    this.#given = [];
    for (const known of given) {
      const { calls } = known;
      known.calls = 0;
      count(known.fold, known.answer, calls, known.lastAt);
    }
  }
}
