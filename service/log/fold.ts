import type { AccountPolicy, KnownSecret } from '../account/policy';
import type { CallVerdict } from '../gate/gate';
import type { AttemptFacts } from './attempt-facts';

/** What tells one row of the log from another within a window. */
export type FoldKey = Pick<AttemptFacts, 'policy' | 'keyId' | 'ip' | 'verdict' | 'reason'>;

/** A row of the log with the calls that it has to count. */
export interface CountedRow {
  readonly accountId: string;
  /** Known once the row is on disk. */
  readonly attemptId: string | undefined;
  /** The review that counts its calls too. */
  readonly reviewId: string | null;
  /** Calls since the last flush. */
  repeats: number;
  readonly lastAt: number;
}

/** A row of the log whose window is still open. */
export interface Fold extends CountedRow {
  /** No more than what tells it from others: tens of thousands are open in a busy minute. */
  readonly facts: FoldKey & Pick<AttemptFacts, 'address'>;
  readonly firstAt: number;
  attemptId: string | undefined;
  reviewId: string | null;
  rangeId: string | null;
  /** Set when the policy had changed under the verdict: nothing was written, and its callers ask anew. */
  overtaken: boolean;
  /** Settles when the row is on disk, or could not be written. */
  readonly durable: Promise<void>;
  lastAt: number;
  /** What calls that repeat it get without being judged anew. */
  known: CountedAnswer | undefined;
}

/**
 * The answer that a call of a secret from an address got, and for how long one that repeats it would get the same if it
 * were judged anew: while the secret is what it was, and the account's policy as far as it concerns the address, and until its
 * time is over.
 */
export interface KnownAnswer {
  readonly answer: CallVerdict;
  readonly secret: KnownSecret;
  readonly policy: AccountPolicy;
  readonly modeEdits: number;
  readonly rangeEdits: number;
  /** Undefined where the answer has nothing to do with questions. */
  readonly questionEdits: number | undefined;
  /** Milliseconds since the epoch from which on the answer holds no more. */
  readonly until: number;
}

/**
 * A known answer with the calls that got it since they were last counted towards the fold. It is a class so that all are of one
 * shape: nearly every call looks at one.
 */
export class CountedAnswer implements KnownAnswer {
  readonly answer: CallVerdict;
  readonly secret: KnownSecret;
  readonly policy: AccountPolicy;
  readonly modeEdits: number;
  /** Grows while none of the edits concerns the address. */
  rangeEdits: number;
  readonly questionEdits: number | undefined;
  readonly until: number;
  readonly fold: Fold;
  /** How often the clock had been put back by then: an answer of a later time may not have held yet. */
  readonly setBacks: number;
  calls = 0;
  /** When the last of these calls came, in milliseconds after the first one of all that are not counted yet. */
  lastMs = 0;

  constructor(known: KnownAnswer, fold: Fold, until: number, setBacks: number) {
    this.answer = known.answer;
    this.secret = known.secret;
    this.policy = known.policy;
    this.modeEdits = known.modeEdits;
    this.rangeEdits = known.rangeEdits;
    this.questionEdits = known.questionEdits;
    this.until = until;
    this.fold = fold;
    this.setBacks = setBacks;
  }
}
