import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatAddress, sortableAddress, type Cidr } from '#shared/ip/index';
import { decide, type KeyFact } from '../enforcement/verdict';
import type { AccountPolicy, PolicyDirectory } from '../account/policy';
import { hashSecret } from '../account/secrets';
import type { Clock } from '../clock';
import type { Recorder } from '../log/recorder';
import type { ServiceLog } from '../service-log';
import { sendCheckAnswer, type CheckAnswer } from './check-answer';
import { clientAddress } from './client-address';
import { apiKeyOf, headerText, originalRequest } from './request-headers';

export const CHECK_PATH = '/v1/check';

export interface CheckOptions {
  readonly directory: PolicyDirectory;
  readonly recorder: Pick<Recorder, 'record'>;
  readonly clock: Clock;
  readonly log: ServiceLog;
  readonly keyHeaders: readonly string[];
  readonly trustedProxies: readonly Cidr[];
  /** What happens when no verdict can be given. */
  readonly onError: 'deny' | 'allow';
  readonly echoIp: boolean;
  /** Where the links in messages lead; known once the service listens. */
  publicUrl(): string;
}

interface FoundKey {
  readonly policy: AccountPolicy;
  readonly keyId: string;
  readonly fact: KeyFact;
}

const findKey = (options: CheckOptions, apiKey: string): FoundKey | undefined => {
  const secret = options.directory.secret(hashSecret(apiKey));
  if (secret === undefined) return undefined;
  const ended = secret.validUntil !== null && secret.validUntil <= options.clock.now();
  return {
    policy: options.directory.account(secret.accountId),
    keyId: secret.keyId,
    fact: { kind: ended ? 'ended' : 'valid' },
  };
};

/** The sentence that clients of the published feature know, word by word. */
const unrecognisedMessage = (options: CheckOptions, ip: string, reviewId: string | null): string => {
  const link = `${options.publicUrl()}/reviews${reviewId === null ? '' : `/${reviewId}`}`;
  const address = options.echoIp ? ` ${ip}` : '';
  return (
    `We have detected you are using an unrecognised IP address${address}. ` +
    `If you performed this action make sure to add the new IP address in this link: ${link}`
  );
};

const KEY_NOT_FOUND = 'Key not found';

const answerFor = async (
  options: CheckOptions,
  request: IncomingMessage,
  pathAfterCheck: string,
): Promise<CheckAnswer> => {
  const client = clientAddress(
    request.socket.remoteAddress,
    headerText(request.headers, 'x-forwarded-for'),
    options.trustedProxies,
  );
  if (!client.ok) return { kind: 'bad_forwarded_for', message: client.detail };

  const apiKey = apiKeyOf(request.headers, options.keyHeaders);
  if (apiKey === undefined) {
    return { kind: 'blocked', reason: 'missing_key', message: 'authentication not found in headers' };
  }
  const key = findKey(options, apiKey);
  if (key === undefined) return { kind: 'blocked', reason: 'invalid_key', message: KEY_NOT_FOUND };

  const { policy, keyId } = key;
  const { address } = client;
  const match = policy.match(address, keyId, options.clock.now());
  const { verdict, reason } = decide({ key: key.fact, mode: policy.mode, match: match?.effect });
  const byRange = reason === 'authorized' || reason === 'denied' ? match : undefined;
  const ip = formatAddress(address);
  const { reviewId } = await options.recorder.record({
    policy,
    keyId,
    address,
    ip,
    ipSort: sortableAddress(address),
    verdict,
    reason,
    rangeId: byRange?.id ?? null,
    ...originalRequest(request.headers, request.method, pathAfterCheck),
  });

  const range = byRange === undefined ? {} : { rangeId: byRange.id };
  if (verdict === 'allowed') return { kind: 'allowed', reason, keyId, ...range };
  if (reason === 'revoked_key') return { kind: 'blocked', reason, message: KEY_NOT_FOUND, keyId };
  return {
    kind: 'blocked',
    reason,
    keyId,
    ...range,
    message: unrecognisedMessage(options, ip, reviewId),
    ...(reviewId !== null && { reviewId }),
  };
};

const unavailable = (options: CheckOptions): CheckAnswer =>
  options.onError === 'allow'
    ? { kind: 'allowed', reason: 'unavailable' }
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
 * worked out.
 */
export const createCheckHandler =
  (options: CheckOptions) =>
  async (request: IncomingMessage, response: ServerResponse, pathAfterCheck: string): Promise<void> => {
    let answer: CheckAnswer;
    try {
      answer = await answerFor(options, request, pathAfterCheck);
    } catch (error) {
      options.log.write('error', 'check.failed', { error });
      answer = unavailable(options);
    }
    sendCheckAnswer(response, answer, headerText(request.headers, 'x-gatehouse-body') !== 'none');
  };
