import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reason } from '#shared/domain/entities';
import type { Cidr } from '#shared/ip/index';
import type { Gate, GateAnswer } from '../gate/gate';
import type { Metrics } from '../metrics/metrics';
import type { ServiceLog } from '../service-log';
import { sendCheckAnswer, type CheckAnswer } from './check-answer';
import { createCallerReader } from './client-address';
import { apiKeyOf, headerText, originalRequest } from './request-headers';

export const CHECK_PATH = '/v1/check';

const MS_PER_SECOND = 1000;

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
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  if (path === CHECK_PATH) return '';
  return path.startsWith(`${CHECK_PATH}/`) ? path.slice(CHECK_PATH.length) : undefined;
};

/**
 * Answers one check. It sits in front of the router: any method, no body is read, and nothing but the verdict is
 * worked out. Whatever goes wrong, the call is not let in.
 */
export const createCheckHandler = (options: CheckOptions) => {
  const callerOf = createCallerReader(options.trustedProxies);

  const finish = (
    request: IncomingMessage,
    response: ServerResponse,
    startedAt: number,
    answer: CheckAnswer,
  ): void => {
    sendCheckAnswer(response, answer, headerText(request.headers, 'x-gatehouse-body') !== 'none');
    const reason = 'reason' in answer ? answer.reason : answer.kind;
    const verdict = answer.kind === 'allowed' ? 'allowed' : 'blocked';
    options.metrics.checked(verdict, reason, (performance.now() - startedAt) / MS_PER_SECOND);
  };

  const failed = (error: unknown): CheckAnswer => {
    options.log.write('error', 'check.failed', { error });
    return unavailable(options);
  };

  return (request: IncomingMessage, response: ServerResponse, pathAfterCheck: string): void => {
    const startedAt = performance.now();
    const { headers } = request;
    let asked: GateAnswer | Promise<GateAnswer>;
    try {
      const caller = callerOf(request.socket.remoteAddress, headerText(headers, 'x-forwarded-for'));
      if (!caller.ok) {
        finish(request, response, startedAt, { kind: 'bad_forwarded_for', message: caller.detail });
        return;
      }
      asked = options.gate.ask({
        apiKey: apiKeyOf(request, options.keyHeaders),
        address: caller.address,
        ip: caller.ip,
        original: () => originalRequest(headers, request.method, pathAfterCheck),
      });
    } catch (error) {
      finish(request, response, startedAt, failed(error));
      return;
    }
    if (!(asked instanceof Promise)) {
      finish(request, response, startedAt, answerOf(options, asked));
      return;
    }
    asked
      .then((answered) => answerOf(options, answered), failed)
      .then((answer) => finish(request, response, startedAt, answer))
      .catch((error: unknown) => {
        options.log.write('error', 'check.answer_failed', { error });
        response.destroy();
      });
  };
};
