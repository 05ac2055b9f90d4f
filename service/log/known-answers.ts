import type { KnownSecret } from '../account/policy';
import type { GateAnswer } from '../gate/gate-answer';
import type { CountedAnswer, Fold, KnownAnswer } from './fold';

/**
 * A caller as whoever reads requests remembers it. Its last known answer is kept with it: nearly every call repeats one, and
 * each look into a table that is too large for the processor's cache costs as much as all the rest.
 */
export interface RememberedCaller {
  /** Canonical text of its address. */
  readonly ip: string;
  known: CountedAnswer | undefined;
}

/** Verdict, reason, key and address are those of the fold. */
const isSame = (before: KnownAnswer, now: KnownAnswer): boolean =>
  before.secret === now.secret &&
  before.policy === now.policy &&
  before.answer.rangeId === now.answer.rangeId &&
  before.answer.reviewId === now.answer.reviewId;

/** What repeats of a call get, with one look and one count, and how often they did. */
export class KnownAnswers {
  /** Those that calls got since they were last taken. */
  #given: CountedAnswer[] = [];
  /** When the first of these calls came. */
  #sinceMs = 0;
  #lastNow = 0;
  #setBacks = 0;

  /**
   * Gives the answer to calls from now on which repeat this one, and answers with it. Where it is what was known before, as after
   * most edits, that holds again: with a hundred edits a second and many callers there would else be more to clear away than
   * to decide.
   */
  remember(known: KnownAnswer, fold: Fold): GateAnswer {
    const before = fold.known;
    if (before !== undefined && isSame(before, known)) {
      before.policyEdits = known.policyEdits;
      before.questionEdits = known.questionEdits;
      before.until = known.until;
      before.setBacks = this.#setBacks;
      return before.answer;
    }
    fold.known = { ...known, fold, setBacks: this.#setBacks, calls: 0, lastMs: 0 };
    return known.answer;
  }

  /**
   * The answer that is known for the caller and holds, which is counted; undefined where there is none.
   * @param foldsOf gives the open folds of the secret's key and the caller's address.
   */
  give(
    caller: RememberedCaller,
    secret: KnownSecret,
    now: number,
    foldsOf: (keyId: string, ip: string) => readonly Fold[] | undefined,
  ): GateAnswer | undefined {
    if (now < this.#lastNow) this.#setBacks += 1;
    this.#lastNow = now;
    const { known } = caller;
    if (known !== undefined && this.#holds(known, secret, now)) return this.#counted(known, now);
    for (const fold of foldsOf(secret.keyId, caller.ip) ?? []) {
      if (fold.known === undefined || !this.#holds(fold.known, secret, now)) continue;
      caller.known = fold.known;
      return this.#counted(fold.known, now);
    }
    return undefined;
  }

  /** Hands over what was given since the last time; `lastAt` is when the last of the calls came. */
  take(count: (fold: Fold, answer: GateAnswer, calls: number, lastAt: number) => void): void {
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
      known.policyEdits === known.policy.edits &&
      known.setBacks === this.#setBacks &&
      now < known.until &&
      (known.questionEdits === undefined || known.questionEdits === known.policy.questionEdits)
    );
  }

  #counted(known: CountedAnswer, now: number): GateAnswer {
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
