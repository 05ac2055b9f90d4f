import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reason } from '#shared/domain/entities';
import type { Call, Caller, Gate, OriginalRequest, SentKey } from '../gate/gate';
import type { GateAnswer } from '../gate/gate-answer';
import { beginTurn, isWorkWaiting } from '../breather';
import type { Metrics } from '../metrics/metrics';
import type { ServiceLog } from '../service-log';
import { createAnswerSender, prepareAnswer, type CheckAnswer, type PreparedAnswer } from './check-answer';
import { createKeyReader } from './api-key';
import type { CallerReader } from './client-address';
import type { ProxyFaults } from './proxy-faults';
import { originalRequest, sentHeader } from './request-headers';

export const CHECK_PATH = '/v1/check';

/** Where the link in a message leads; clients of the published feature know the path. */
export const REVIEWS_PATH = '/security/authorised_ips';

const MS_PER_SECOND = 1000;
/** An answer is not held back for others any more after this long, nor where other work would hold it up. */
const LONGEST_HOLD_MS = 0.25;

export interface CheckOptions {
  readonly gate: Gate;
  readonly metrics: Pick<Metrics, 'checked'>;
  readonly log: ServiceLog;
  readonly keyHeaders: readonly string[];
  readonly callerOf: CallerReader;
  readonly proxyFaults: Pick<ProxyFaults, 'note'>;
  /** Called for each call that could not be decided or logged. */
  readonly onUndecided: () => void;
  /** What happens when no verdict can be given. */
  readonly onError: 'deny' | 'allow';
  readonly echoIp: boolean;
  /** Where the links in messages lead; known once the service listens. */
  publicUrl(): string;
}

/** The sentence that clients of the published feature know, word by word. */
const unrecognisedMessage = (options: CheckOptions, ip: string, reviewId: string | null): string => {
  const link = `${options.publicUrl()}${REVIEWS_PATH}${reviewId === null ? '' : `/${reviewId}`}`;
  const address = options.echoIp ? ` ${ip}` : '';
  return (
    `We have detected you are using an unrecognised IP address${address}. ` +
    `If you performed this action make sure to add the new IP address in this link: ${link}`
  );
};

const messageFor = (options: CheckOptions, reason: Reason, ip: string, reviewId: string | null): string => {
  switch (reason) {
    case 'missing_key':
      return 'authentication not found in headers';
    case 'invalid_key':
    case 'revoked_key':
      return 'Key not found';
    case 'ambiguous_key':
      return 'more than one key in headers';
    default:
      return unrecognisedMessage(options, ip, reviewId);
  }
};

const answerOf = (options: CheckOptions, gateAnswer: GateAnswer): CheckAnswer => {
  const { verdict, reason, ip, keyId, rangeId, reviewId } = gateAnswer;
  if (verdict === 'allowed') return { kind: 'allowed', reason, keyId, rangeId };
  return {
    kind: 'blocked',
    reason,
    keyId,
    rangeId,
    reviewId,
    message: messageFor(options, reason, ip, reviewId),
  };
};

const LET_IN_UNDECIDED: CheckAnswer = { kind: 'allowed', reason: 'unavailable', keyId: null, rangeId: null };
const UNAVAILABLE: CheckAnswer = {
  kind: 'unavailable',
  message: 'The enforcement service cannot decide at the moment.',
};

const unreadableSentence = (peer: string | undefined, fault: string): string =>
  `Calls from the trusted proxy ${peer ?? 'without an address'} are refused: ${fault}.`;

const unnamedSentence = (ip: string): string =>
  `Calls are judged by ${ip}, the address of a trusted proxy, because the proxy names no other caller. ` +
  'Nothing is learned from them, and the trust review refuses them.';

/** Whether the request is for the data plane; if so, the path behind `/v1/check`, which Envoy fills in. */
export const checkPathOf = (url: string): string | undefined => {
  if (url === CHECK_PATH) return '';
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  if (path === CHECK_PATH) return '';
  return path.startsWith(`${CHECK_PATH}/`) ? path.slice(CHECK_PATH.length) : undefined;
};

/** A call as it was asked about. */
class AskedCall implements Call {
  readonly key: SentKey;
  readonly caller: Caller;
  private readonly request: IncomingMessage;
  private readonly pathAfterCheck: string;

  constructor(request: IncomingMessage, pathAfterCheck: string, key: SentKey, caller: Caller) {
    this.key = key;
    this.caller = caller;
    this.request = request;
    this.pathAfterCheck = pathAfterCheck;
  }

  original(): OriginalRequest {
    return originalRequest(this.request.headers, this.request.method, this.pathAfterCheck);
  }
}

/** A check whose answer is known and not sent yet. */
interface Answered {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly answer: PreparedAnswer;
}

/**
 * Answers one check. It sits in front of the router: any method, no body is read, and nothing but the verdict is
 * worked out. Whatever goes wrong, the call is not let in.
 */
export const createCheckHandler = (options: CheckOptions) => {
  const { callerOf, gate, proxyFaults } = options;
  const keyOf = createKeyReader(options.keyHeaders);
  const sendAnswer = createAnswerSender();
  const preparedFor = (answer: GateAnswer): PreparedAnswer => {
    answer.prepared ??= prepareAnswer(answerOf(options, answer));
    return answer.prepared as PreparedAnswer;
  };

  /** Sends the answers, which came at `startedAt` or later; one that cannot be sent does not hold up the others. */
  const finish = (batch: readonly Answered[], startedAt: number): void => {
    const second = Math.floor(Date.now() / MS_PER_SECOND);
    for (const { request, response, answer } of batch) {
      try {
        const wantsBody = answer.body !== '' && sentHeader(request.rawHeaders, 'x-gatehouse-body') !== 'none';
        sendAnswer(response, answer, wantsBody, second);
      } catch (error) {
        options.log.write('error', 'check.answer_failed', { error });
        response.destroy();
      }
    }
    const seconds = (performance.now() - startedAt) / MS_PER_SECOND;
    for (const { answer } of batch) options.metrics.checked(answer.verdict, answer.reason, seconds);
  };

  /**
   * What was answered at once is sent together, after the first turn of the event loop that brings no further call. Each write on
   * its own may wake the proxy, which then waits for the next one; woken once, it finds them all. That is a fifth of what a
   * check takes. They count as taking as long as the first of them did.
   */
  let answered: Answered[] = [];
  const finishSoon = (one: Answered, startedAt: number): void => {
    if (answered.length === 0) {
      let count = 0;
      const look = (): void => {
        const mayHold = !isWorkWaiting() && performance.now() < startedAt + LONGEST_HOLD_MS;
        if (mayHold && answered.length > count) {
          count = answered.length;
          setImmediate(look);
          return;
        }
        const batch = answered;
        answered = [];
        finish(batch, startedAt);
      };
      setImmediate(look);
    }
    answered.push(one);
  };

  /** The answer to a call that could not be decided or logged. What memory knows to be blocked stays blocked. */
  const failed = (error: unknown, call: Call): PreparedAnswer => {
    options.log.write('error', 'check.failed', { error });
    options.onUndecided();
    if (options.onError === 'deny') return prepareAnswer(UNAVAILABLE);
    const block = gate.knownBlock(call);
    return prepareAnswer(block === undefined ? LET_IN_UNDECIDED : answerOf(options, block));
  };

  const decide = (call: Call): PreparedAnswer | Promise<PreparedAnswer> => {
    try {
      const asked = gate.ask(call);
      if (!(asked instanceof Promise)) return preparedFor(asked);
      return asked.then(preparedFor).catch((error: unknown) => failed(error, call));
    } catch (error) {
      return failed(error, call);
    }
  };

  const refused = (error: unknown): PreparedAnswer => {
    options.log.write('error', 'check.failed', { error });
    return prepareAnswer(UNAVAILABLE);
  };

  const answerTo = (
    request: IncomingMessage,
    pathAfterCheck: string,
  ): PreparedAnswer | Promise<PreparedAnswer> => {
    try {
      const read = callerOf(request);
      if (!read.ok) {
        proxyFaults.note('chain_unreadable', unreadableSentence(request.socket.remoteAddress, read.fault));
        return prepareAnswer({ kind: 'bad_forwarded_for', message: read.detail });
      }
      const { caller } = read;
      const key = keyOf(request.rawHeaders);
      if (caller.isProxy && key.kind !== 'none') {
        proxyFaults.note('caller_is_proxy', unnamedSentence(caller.ip));
      }
      const answer = decide(new AskedCall(request, pathAfterCheck, key, caller));
      return answer instanceof Promise ? answer.catch(refused) : answer;
    } catch (error) {
      return refused(error);
    }
  };

  return (request: IncomingMessage, response: ServerResponse, pathAfterCheck: string): void => {
    const startedAt = beginTurn();
    const answer = answerTo(request, pathAfterCheck);
    if (!(answer instanceof Promise)) {
      finishSoon({ request, response, answer }, startedAt);
      return;
    }
    void answer.then((later) => finish([{ request, response, answer: later }], startedAt));
  };
};
