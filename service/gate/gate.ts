import { within } from '#shared/async/within';
import { SECOND_MS } from '#shared/durations';
import { sortableAddress } from '#shared/ip/index';
import type { Mode } from '#shared/domain/entities';
import type { ServiceContext } from '../policy/context';
import { endLearningIfDue } from '../policy/mode';
import type { AccountPolicy } from '../policy/policy';
import type { KnownSecret } from '../policy/policy-directory';
import { hashSecret } from '../policy/secrets';
import { learningEndsAt, modeAt } from '../enforcement/learning';
import type { MatchRange } from '../enforcement/matcher';
import { decide, grantSourceOf, opensReview, refuse, type KeyFact } from '../enforcement/verdict';
import type { Call, CallVerdict, SentKey } from './call';
import type { CallLog } from './call-log';
import { evaluateAtOnce, type Evaluate } from './evaluate';
import { DatabaseUnavailableError } from '../storage/unavailable';

export interface GateOptions {
  readonly context: ServiceContext;
  readonly callLog: Omit<CallLog, 'isRepeat'>;
  readonly evaluate: Evaluate;
  /** The longest time in milliseconds for which a call waits for the database. */
  readonly checkTimeoutMs: number;
}

export interface Gate {
  /**
   * Decides one call and logs it. A call that takes too long may still be logged afterwards.
   * @throws when no verdict can be given or logged in time: the caller must not let the call in.
   */
  ask(call: Call): Promise<CallVerdict>;
  /**
   * Decides one call by memory alone, and logs it on the local disk. Unknown addresses are blocked.
   * @throws when it cannot be logged: the caller must not let the call in.
   */
  askAway(call: Call): Promise<CallVerdict>;
  /**
   * Returns the block that memory alone knows of, for calls that cannot be decided or logged; undefined where memory would
   * let the call in or the trust review would be needed. Changes nothing.
   */
  knownBlock(call: Call): CallVerdict | undefined;
}

interface FoundKey {
  readonly secret: KnownSecret;
  readonly policy: AccountPolicy;
  readonly keyId: string;
  readonly fact: KeyFact;
}

/** The facts about keys that belong to no account. */
const KEY_FACTS = {
  none: { kind: 'missing' },
  one: { kind: 'unknown' },
  ambiguous: { kind: 'ambiguous' },
} as const satisfies Record<SentKey['kind'], KeyFact>;

const ENDED: KeyFact = { kind: 'ended' };
const VALID: KeyFact = { kind: 'valid' };

/** Changes of policy may overtake a verdict this often before the call fails. */
const MAX_TRIES = 5;

/** A proxy must get an answer before it gives up by itself. */
function tooLate(timeoutMs: number): DatabaseUnavailableError {
  return new DatabaseUnavailableError(undefined, { reason: 'slow', seconds: timeoutMs / SECOND_MS });
}

export function createGate({ context, callLog, evaluate, checkTimeoutMs }: GateOptions): Gate {
  const { clock, directory, learningWindowMs } = context;

  const keyOf = (secret: KnownSecret, now: number): FoundKey => ({
    secret,
    policy: directory.account(secret.accountId),
    keyId: secret.keyId,
    fact: secret.validUntil !== null && secret.validUntil <= now ? ENDED : VALID,
  });

  const modeNow = (policy: AccountPolicy, now: number): Mode =>
    modeAt(policy.mode, policy.learning, learningWindowMs, now);

  /** Returns the time at which a verdict of now ends by itself: with the secret, with its range or source, or with learning. */
  const endOf = (
    { secret, policy, fact }: FoundKey,
    decider: Pick<MatchRange, 'expiresAt'> | undefined,
  ): number => {
    const secretEnd = fact.kind === 'ended' ? null : secret.validUntil;
    const learningEnd = policy.mode === 'learning' ? learningEndsAt(policy.learning, learningWindowMs) : null;
    return Math.min(
      secretEnd ?? Number.POSITIVE_INFINITY,
      decider?.expiresAt ?? Number.POSITIVE_INFINITY,
      learningEnd ?? Number.POSITIVE_INFINITY,
    );
  };

  /** Returns the mode that holds now. Learning that is over is ended in the database first, before any verdict relies on it. */
  const settledMode = async (policy: AccountPolicy): Promise<Mode> => {
    const mode = modeNow(policy, clock.now());
    if (mode !== policy.mode) await endLearningIfDue(context, policy.id);
    return mode;
  };

  const answerAtOnce = (call: Call, key: FoundKey, now: number): CallVerdict | undefined => {
    const { address, ip } = call.caller;
    const { secret, policy, keyId, fact } = key;
    const mode = modeNow(policy, now);
    if (mode !== policy.mode) return undefined;
    const evaluation = evaluateAtOnce({ policy, keyId, key: fact, mode, address, ip }, now);
    // Of the trust review's verdicts only a refusal can be repeated without asking it: it stands for the aggregation window.
    const decision = evaluation ?? refuse('untrusted', policy.isReporting(keyId));
    const { verdict, reason, wouldBe } = decision;
    const { range, source } = evaluation ?? {};
    const facts = { policy, keyId, address, ip, verdict, reason, wouldBe, rangeId: range?.id ?? null };
    const repeat = callLog.repeat(facts, now) ?? (evaluation && callLog.countInFlood(facts, call, now));
    if (repeat === undefined) return undefined;
    const { rangeId, reviewId } = repeat;
    const callVerdict: CallVerdict = { verdict, reason, ip, keyId, rangeId, reviewId };
    callLog.cacheVerdict(facts, {
      verdict: callVerdict,
      secret,
      policyVersion: policy.version,
      since: now,
      until: endOf(key, range ?? source),
    });
    return callVerdict;
  };

  const tryOnce = async (
    call: Call,
    { policy, keyId, fact }: FoundKey,
    isGivenUp: () => boolean,
  ): Promise<CallVerdict | undefined> => {
    const { address, ip } = call.caller;
    const original = call.original();
    const mode = await settledMode(policy);
    const evaluation = await evaluate({ policy, keyId, key: fact, mode, address, ip, ...original });
    const { verdict, reason, wouldBe } = evaluation;
    if (isGivenUp()) throw tooLate(checkTimeoutMs);
    const logged = await callLog.record(
      {
        policy,
        keyId,
        address,
        ip,
        ipSort: sortableAddress(address),
        verdict,
        reason,
        wouldBe,
        rangeId: evaluation.range?.id ?? null,
        ...original,
        trust: evaluation.trust,
      },
      isGivenUp,
    );
    if (logged.kind === 'overtaken') return undefined;
    const { rangeId, reviewId } = logged;
    return { verdict, reason, ip, keyId, rangeId, reviewId };
  };

  const decideAndLog = async (call: Call, key: FoundKey, isGivenUp: () => boolean): Promise<CallVerdict> => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const answer = await tryOnce(call, key, isGivenUp);
      if (answer !== undefined) return answer;
    }
    throw new Error('the policy changed under every verdict');
  };

  const decideInTime = (call: Call, key: FoundKey): Promise<CallVerdict> => {
    let isLate = false;
    const decided = decideAndLog(call, key, () => isLate);
    return within(checkTimeoutMs, decided, () => {
      isLate = true;
      return tooLate(checkTimeoutMs);
    });
  };

  const secretOf = ({ key }: Call): KnownSecret | undefined =>
    key.kind === 'one' ? directory.secret(hashSecret(key.apiKey)) : undefined;

  const answerWithoutKey = ({ key, caller }: Call): CallVerdict => {
    const { verdict, reason } = decide({
      key: KEY_FACTS[key.kind],
      mode: 'manual',
      match: undefined,
      trusted: undefined,
      isReporting: false,
    });
    return { verdict, reason, ip: caller.ip, keyId: null, rangeId: null, reviewId: null };
  };

  return {
    knownBlock: (call) => {
      const secret = secretOf(call);
      if (secret === undefined) return answerWithoutKey(call);
      const { address, ip, isProxy } = call.caller;
      const now = clock.now();
      const { policy, keyId, fact } = keyOf(secret, now);
      const mode = modeNow(policy, now);
      const review = policy.countingReview(ip, keyId);
      const evaluation = evaluateAtOnce({ policy, keyId, key: fact, mode, address, ip }, now);
      // The trust review has refused an address with a review, and would refuse a proxy and a key that has all its ranges.
      const isRefused = review !== undefined || isProxy || policy.hasAllRanges(keyId);
      const refusal = isRefused ? refuse('untrusted', policy.isReporting(keyId)) : undefined;
      const known = evaluation ?? refusal;
      if (known === undefined || known.verdict === 'allowed') return undefined;
      const { verdict, reason } = known;
      const reviewId = opensReview(reason) ? (review?.id ?? null) : null;
      return { verdict, reason, ip, keyId, rangeId: evaluation?.range?.id ?? null, reviewId };
    },

    askAway: async (call) => {
      const secret = secretOf(call);
      if (secret === undefined) return answerWithoutKey(call);
      const { address, ip } = call.caller;
      const now = clock.now();
      const { policy, keyId, fact } = keyOf(secret, now);
      const mode = modeNow(policy, now);
      const evaluation = evaluateAtOnce({ policy, keyId, key: fact, mode, address, ip }, now);
      // Neither the trust review nor learning can be asked, and nothing may be granted.
      const isUnknown = evaluation === undefined || grantSourceOf(evaluation.reason) !== undefined;
      const refusal = refuse(mode === 'automatic' ? 'untrusted' : 'unknown', policy.isReporting(keyId));
      const { verdict, reason, wouldBe } = isUnknown ? refusal : evaluation;
      const { rangeId, reviewId } = await callLog.recordAway({
        ...{ policy, keyId, address, ip, ipSort: sortableAddress(address), verdict, reason, wouldBe },
        ...{ rangeId: evaluation?.range?.id ?? null, ...call.original(), trust: undefined },
      });
      return { verdict, reason, ip, keyId, rangeId, reviewId };
    },

    ask: async (call) => {
      const secret = secretOf(call);
      if (secret === undefined) return answerWithoutKey(call);
      const now = clock.now();
      const cached = callLog.cachedVerdict(secret, call.caller.ip, now);
      if (cached !== undefined) return cached;
      const key = keyOf(secret, now);
      return answerAtOnce(call, key, now) ?? decideInTime(call, key);
    },
  };
}
