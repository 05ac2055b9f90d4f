import { sortableAddress, type IpAddress } from '#shared/ip/index';
import type { Mode, Reason, Verdict } from '#shared/domain/entities';
import type { ServiceContext } from '../account/context';
import { endLearningIfDue } from '../account/mode';
import type { AccountPolicy } from '../account/policy';
import { hashSecret } from '../account/secrets';
import { modeAt } from '../enforcement/learning';
import { decide, type KeyFact } from '../enforcement/verdict';
import type { Recorder } from '../log/recorder';
import { judgeAtOnce, type Judge } from './judge';

/** One call to the protected API. */
export interface Call {
  readonly apiKey: string | undefined;
  readonly address: IpAddress;
  /** `address` as canonical text. */
  readonly ip: string;
  /** What was called; read only where it is logged. */
  original(): OriginalRequest;
}

/** The call as its proxy tells of it; null where it does not. */
export interface OriginalRequest {
  readonly method: string | null;
  readonly path: string | null;
  readonly userAgent: string | null;
}

/** What became of it. */
export interface GateAnswer {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly ip: string;
  readonly keyId: string | null;
  /** The range that decided, or the grant that was added. */
  readonly rangeId: string | null;
  readonly reviewId: string | null;
}

export interface GateOptions {
  readonly context: ServiceContext;
  readonly recorder: Pick<Recorder, 'record' | 'repeat'>;
  readonly judge: Judge;
}

export interface Gate {
  /**
   * Decides one call and logs it: at once where it repeats one that is logged already.
   * @throws, or rejects, when no verdict can be given or logged: the caller must not let the call in.
   */
  ask(call: Call): GateAnswer | Promise<GateAnswer>;
}

interface FoundKey {
  readonly policy: AccountPolicy;
  readonly keyId: string;
  readonly fact: KeyFact;
}

/** Where the trust review would be asked: a refusal within the fold window stands, and is all that can be repeated. */
const STANDING_REFUSAL = { verdict: 'blocked', reason: 'untrusted', range: undefined } as const;

/** How often a verdict may be overtaken by changes of policy before the call is given up. */
const MAX_TRIES = 5;

export const createGate = ({ context, recorder, judge }: GateOptions): Gate => {
  const { clock, directory, learningWindowMs } = context;

  const findKey = (apiKey: string): FoundKey | undefined => {
    const secret = directory.secret(hashSecret(apiKey));
    if (secret === undefined) return undefined;
    const ended = secret.validUntil !== null && secret.validUntil <= clock.now();
    return {
      policy: directory.account(secret.accountId),
      keyId: secret.keyId,
      fact: { kind: ended ? 'ended' : 'valid' },
    };
  };

  const modeNow = (policy: AccountPolicy): Mode =>
    modeAt(policy.mode, policy.learning, learningWindowMs, clock.now());

  /** The mode now; learning that is over is written down before anything is decided by what follows it. */
  const settledMode = async (policy: AccountPolicy): Promise<Mode> => {
    const mode = modeNow(policy);
    if (mode !== policy.mode) await endLearningIfDue(context, policy.id);
    return mode;
  };

  const answerAtOnce = (call: Call, { policy, keyId, fact }: FoundKey): GateAnswer | undefined => {
    const { address, ip } = call;
    const mode = modeNow(policy);
    if (mode !== policy.mode) return undefined;
    const question = { policy, keyId, key: fact, mode, address, ip, userAgent: null };
    const { verdict, reason, range } = judgeAtOnce(question, clock.now()) ?? STANDING_REFUSAL;
    const repeat = recorder.repeat({ policy, keyId, ip, verdict, reason, rangeId: range?.id ?? null });
    return repeat && { verdict, reason, ip, keyId, rangeId: repeat.rangeId, reviewId: repeat.reviewId };
  };

  const tryOnce = async (call: Call, { policy, keyId, fact }: FoundKey): Promise<GateAnswer | undefined> => {
    const { address, ip } = call;
    const { method, path, userAgent } = call.original();
    const mode = await settledMode(policy);
    const judged = await judge({ policy, keyId, key: fact, mode, address, ip, userAgent });
    const { verdict, reason } = judged;
    const logged = await recorder.record({
      policy,
      keyId,
      address,
      ip,
      ipSort: sortableAddress(address),
      verdict,
      reason,
      rangeId: judged.range?.id ?? null,
      method,
      path,
      userAgent,
      trust: judged.trust,
    });
    if (logged.kind === 'overtaken') return undefined;
    return { verdict, reason, ip, keyId, rangeId: logged.rangeId, reviewId: logged.reviewId };
  };

  const decideAndLog = async (call: Call, key: FoundKey): Promise<GateAnswer> => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const answer = await tryOnce(call, key);
      if (answer !== undefined) return answer;
    }
    throw new Error('the policy changed under every verdict');
  };

  return {
    ask: (call) => {
      const key = call.apiKey === undefined ? undefined : findKey(call.apiKey);
      if (key === undefined) {
        const fact: KeyFact = { kind: call.apiKey === undefined ? 'missing' : 'unknown' };
        const decision = decide({ key: fact, mode: 'manual', match: undefined, trusted: undefined });
        return { ...decision, ip: call.ip, keyId: null, rangeId: null, reviewId: null };
      }
      return answerAtOnce(call, key) ?? decideAndLog(call, key);
    },
  };
};
