import type { Sequential } from '#shared/async/sequential';
import type { Mode } from '#shared/domain/entities';
import type { IpAddress } from '#shared/ip/index';
import { isLookedUp, type LookedUpSource } from '../policy/looked-up-sources';
import type { AccountPolicy } from '../policy/policy';
import type { Clock } from '../runtime/clock';
import type { MatchRange } from '../enforcement/matcher';
import type { TrustReview } from '../enforcement/trust/trust-review';
import { asksTrustReview, decide, refuse, type Decision, type KeyFact } from '../enforcement/verdict';
import type { OriginalRequest } from './call';
import type { CallLog } from './call-log';
import type { Geolocations } from '../geo/geolocation';
import type { Blocklists, TrustReviewer } from '../trust/collect-facts';

/** The facts about a call with a known key on which its verdict depends without the trust review. */
interface KnownCall {
  readonly policy: AccountPolicy;
  readonly keyId: string;
  readonly key: KeyFact;
  /** The mode that holds now. */
  readonly mode: Mode;
  readonly address: IpAddress;
  /** `address` as canonical text. */
  readonly ip: string;
}

/** All facts about a call with a known key; the trust review reads what the proxy tells of it too. */
type EvaluatedCall = KnownCall & OriginalRequest;

interface Evaluation extends Decision {
  /** The range that decides; undefined where none does. */
  readonly range: MatchRange | undefined;
  /** The source of the address's network or country, where it decides and no range does. */
  readonly source: LookedUpSource | undefined;
  /** Undefined where the trust review was not asked. */
  readonly trust: TrustReview | undefined;
}

/**
 * Evaluates a call, and changes nothing. Calls and explanations share it, so that an explanation says what a call would get.
 * @param evidence `always` asks the trust review even while an earlier refusal stands.
 */
export type Evaluate = (call: EvaluatedCall, evidence?: 'where-needed' | 'always') => Promise<Evaluation>;

/** The means to evaluate calls outside the gate, for explanations and simulations. */
export interface EvaluationContext {
  readonly evaluate: Evaluate;
  readonly geolocations: Geolocations;
  readonly blocklists: Blocklists;
  /** Replays of the log run one after the other, because each keeps a core busy for seconds. */
  readonly replays: Sequential;
}

interface EvaluateOptions {
  readonly clock: Clock;
  readonly callLog: Pick<CallLog, 'isRepeat'>;
  readonly trust: TrustReviewer;
}

/** Returns the verdict if it can be given without the trust review, else undefined. */
export function evaluateAtOnce(call: KnownCall, now: number): Evaluation | undefined {
  const { policy, keyId, key, address } = call;
  // A key that has all its ranges learns no more: unknown addresses wait for a person (docs/behaviour.md 1.5.5).
  const isFull = call.mode === 'learning' && policy.hasAllRanges(keyId);
  const mode = isFull ? 'manual' : call.mode;
  const match = policy.match(address, keyId, now);
  const isReporting = !isFull && policy.isReporting(keyId);
  const facts = { key, mode, match: match?.effect, trusted: undefined, isReporting };
  if (asksTrustReview(facts)) return undefined;
  const decision = decide(facts);
  const { reason } = decision;
  const decider = reason === 'authorized' || reason === 'denied' ? match : undefined;
  const decided = { ...decision, range: undefined, source: undefined, trust: undefined };
  if (decider === undefined) return decided;
  return isLookedUp(decider) ? { ...decided, source: decider } : { ...decided, range: decider };
}

export function createEvaluate({ clock, callLog, trust }: EvaluateOptions): Evaluate {
  return async (call, evidence = 'where-needed') => {
    const evaluation = evaluateAtOnce(call, clock.now());
    if (evaluation !== undefined) return evaluation;
    const { policy, keyId, key, mode, ip } = call;
    // A refusal stands for the aggregation window, so that a caller that insists costs one trust review a window.
    const isReporting = policy.isReporting(keyId);
    const stands = callLog.isRepeat({ policy, keyId, ip, ...refuse('untrusted', isReporting) });
    const review = stands && evidence === 'where-needed' ? undefined : await trust.review(call);
    // A key that has all its ranges gets no further grant, so that nobody new is trusted (docs/behaviour.md 1.5.5).
    const trusted = stands || policy.hasAllRanges(keyId) ? undefined : review?.trusted;
    const decision = decide({ key, mode, match: undefined, trusted, isReporting });
    return { ...decision, range: undefined, source: undefined, trust: review };
  };
}
