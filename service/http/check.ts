import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reason } from '#shared/domain/entities';
import type { Cidr } from '#shared/ip/index';
import type { Call, Caller, Gate, OriginalRequest } from '../gate/gate';
import type { GateAnswer } from '../gate/gate-answer';
import { beginTurn, isWorkWaiting } from '../breather';
import type { Metrics } from '../metrics/metrics';
import type { ServiceLog } from '../service-log';
import { createAnswerSender, prepareAnswer, type CheckAnswer, type PreparedAnswer } from './check-answer';
import { createCallerReader } from './client-address';
import { apiKeyOf, originalRequest, sentHeaderText } from './request-headers';

export const CHECK_PATH = '/v1/check';

const MS_PER_SECOND = 1000;
/** An answer is not held back for others any more after this long, nor where other work would hold it up. */
const LONGEST_HOLD_MS = 0.25;

export interface CheckOptions {
  readonly gate: Gate;
  readonly metrics: Pick<Metrics, 'checked'>;
  readonly log: ServiceLog;
  readonly keyHeaders: readonly string[];
  readonly trustedProxies: readonly Cidr[];
  /** What happens when no verdict can be given. */
  readonly onError: 'deny' | 'allow';
  readonly echoIp: boolean;
  /** Where the links in messages lead; known once the service listens. */
  publicUrl(): string;
}

/** The sentence that clients of the published feature know, word by word. */
const unrecognisedMessage = (options: CheckOptions, ip: string, reviewId: string | null): string => {
  const link = `${options.publicUrl()}/reviews${reviewId === null ? '' : `/${reviewId}`}`;
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

const unavailable = (options: CheckOptions): CheckAnswer =>
  options.onError === 'allow'
    ? { kind: 'allowed', reason: 'unavailable', keyId: null, rangeId: null }
    : { kind: 'unavailable', message: 'The enforcement service cannot decide at the moment.' };

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
  readonly apiKey: string | undefined;
  readonly caller: Caller;
  private readonly request: IncomingMessage;
  private readonly pathAfterCheck: string;

  constructor(request: IncomingMessage, pathAfterCheck: string, apiKey: string | undefined, caller: Caller) {
    this.apiKey = apiKey;
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
  const callerOf = createCallerReader(options.trustedProxies);
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
        const wantsBody =
          answer.body !== '' && sentHeaderText(request.rawHeaders, 'x-gatehouse-body') !== 'none';
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

  const failed = (error: unknown): PreparedAnswer => {
    options.log.write('error', 'check.failed', { error });
    return prepareAnswer(unavailable(options));
  };

  const answerTo = (
    request: IncomingMessage,
    pathAfterCheck: string,
  ): PreparedAnswer | Promise<PreparedAnswer> => {
    try {
      const caller = callerOf(
        request.socket.remoteAddress,
        sentHeaderText(request.rawHeaders, 'x-forwarded-for'),
      );
      if (!caller.ok) return prepareAnswer({ kind: 'bad_forwarded_for', message: caller.detail });
      const apiKey = apiKeyOf(request, options.keyHeaders);
      const asked = options.gate.ask(new AskedCall(request, pathAfterCheck, apiKey, caller.caller));
      return asked instanceof Promise ? asked.then(preparedFor).catch(failed) : preparedFor(asked);
    } catch (error) {
      return failed(error);
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
