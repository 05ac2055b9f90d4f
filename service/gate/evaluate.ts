import type { Mode } from '#shared/domain/entities';
import type { IpAddress } from '#shared/ip/index';
import type { AccountPolicy } from '../policy/policy';
import type { Clock } from '../runtime/clock';
import type { MatchRange } from '../enforcement/matcher';
import type { TrustReview } from '../enforcement/trust/trust-review';
import { asksTrustReview, decide, type Decision, type KeyFact } from '../enforcement/verdict';
import type { CallLog } from './call-log';
import type { TrustReviewer } from '../trust/collect-facts';

/** A call whose key is known, as far as its verdict depends on it. */
export interface EvaluatedCall {
  readonly policy: AccountPolicy;
  readonly keyId: string;
  readonly key: KeyFact;
  /** The mode that holds now. */
  readonly mode: Mode;
  readonly address: IpAddress;
  /** `address` as canonical text. */
  readonly ip: string;
  readonly userAgent: string | null;
}

export interface Evaluation extends Decision {
  /** The range that decides; undefined where none does. */
  readonly range: MatchRange | undefined;
  /** What the trust review said; undefined where it was not asked. */
  readonly trust: TrustReview | undefined;
}

/**
 * Judges a call, and changes nothing. Calls and explanations are judged by the same one, so an explanation cannot say
 * anything else than what a call would get.
 *
 * @param evidence `always` has the trust review asked also where its answer is settled for the moment.
 */
export type Evaluate = (question: EvaluatedCall, evidence?: 'where-needed' | 'always') => Promise<Evaluation>;

export interface EvaluateOptions {
  readonly clock: Clock;
  readonly recorder: Pick<CallLog, 'isRepeat'>;
  readonly trust: TrustReviewer;
}

/** The verdict where it can be given without asking the trust review; undefined where not. */
export const evaluateAtOnce = (question: EvaluatedCall, now: number): Evaluation | undefined => {
  const { policy, keyId, key, address } = question;
  // Learning that may add no more ranges lets in nobody new either, and a person decides.
  const mode = question.mode === 'learning' && policy.hasAllRanges(keyId) ? 'manual' : question.mode;
  const match = policy.match(address, keyId, now);
  const facts = { key, mode, match: match?.effect, trusted: undefined };
  if (asksTrustReview(facts)) return undefined;
  const { verdict, reason } = decide(facts);
  const byRange = reason === 'authorized' || reason === 'denied';
  return { verdict, reason, range: byRange ? match : undefined, trust: undefined };
};

export const createEvaluate =
  ({ clock, recorder, trust }: EvaluateOptions): Evaluate =>
  async (question, evidence = 'where-needed') => {
    const judged = evaluateAtOnce(question, clock.now());
    if (judged !== undefined) return judged;
    const { policy, keyId, key, mode, address, ip, userAgent } = question;
    // Within the fold window a refusal stands; a caller that insists costs no new judgement each time.
    const stands = recorder.isRepeat({ policy, keyId, ip, verdict: 'blocked', reason: 'untrusted' });
    const review =
      stands && evidence === 'where-needed'
        ? undefined
        : await trust.review({ policy, keyId, address, ip, userAgent });
    // One that may add no more ranges lets in nobody new either.
    const trusted = stands || policy.hasAllRanges(keyId) ? undefined : review?.trusted;
    const { verdict, reason } = decide({ key, mode, match: undefined, trusted });
    return { verdict, reason, range: undefined, trust: review };
  };
