import type { ServerResponse } from 'node:http';
import type { Reason, Verdict } from '#shared/domain/entities';
import type { CallVerdict } from '../../gate/call';

/** The path of the link in a message (docs/behaviour.md 3.6); clients of the published feature know it. */
export const REVIEWS_PATH = '/security/authorised_ips';

/** The answer of the data plane (docs/behaviour.md 3.5). */
export interface CheckResponse {
  readonly status: number;
  readonly verdict: Verdict;
  readonly reason: Reason | NoVerdict;
  /** Names and values in turn, without the headers of the body. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** The reasons for an answer without a verdict. */
type NoVerdict = 'bad_forwarded_for' | 'unavailable';

export interface MessageOptions {
  readonly echoIp: boolean;
  /** The start of the links in messages, which is known once the service listens. */
  readonly publicUrl: () => string;
}

const JSON_TYPE = ['content-type', 'application/json', 'x-content-type-options', 'nosniff'];

/** Replaces all but printable ASCII. Headers must not carry line ends, and a hop that a message quotes may hold anything. */
function headerSafe(value: string): string {
  return value.replaceAll(/[^\x20-\x7e]/g, '?');
}

/** Returns the message of docs/behaviour.md 3.6. Clients of the published feature know these sentences word by word. */
function messageFor({ reason, ip, reviewId }: CallVerdict, { echoIp, publicUrl }: MessageOptions): string {
  switch (reason) {
    case 'missing_key':
      return 'authentication not found in headers';
    case 'invalid_key':
    case 'revoked_key':
      return 'Key not found';
    case 'ambiguous_key':
      return 'more than one key in headers';
    default: {
      const link = `${publicUrl()}${REVIEWS_PATH}${reviewId === null ? '' : `/${reviewId}`}`;
      return (
        `We have detected you are using an unrecognised IP address${echoIp ? ` ${ip}` : ''}. ` +
        `If you performed this action make sure to add the new IP address in this link: ${link}`
      );
    }
  }
}

export function responseTo(callVerdict: CallVerdict, options: MessageOptions): CheckResponse {
  const { verdict, reason, keyId, rangeId, reviewId } = callVerdict;
  const headers = ['x-gatehouse-verdict', verdict, 'x-gatehouse-reason', reason];
  if (keyId !== null) headers.push('x-gatehouse-key', keyId);
  if (rangeId !== null) headers.push('x-gatehouse-range', rangeId);
  // nginx would open a new connection for each check that answers with a body.
  if (verdict === 'allowed') return { status: 200, verdict, reason, headers, body: '' };
  const message = messageFor(callVerdict, options);
  headers.push('x-gatehouse-message', headerSafe(message));
  if (reviewId !== null) headers.push('x-gatehouse-review', reviewId);
  const body = { code: 'unauthorized', message, reason, ...(reviewId !== null && { review: reviewId }) };
  return { status: 401, verdict, reason, headers, body: JSON.stringify(body) };
}

/** Returns the answer that blocks a call without a verdict. */
export function responseWithoutVerdict(reason: NoVerdict, message: string): CheckResponse {
  return {
    status: reason === 'unavailable' ? 503 : 400,
    verdict: 'blocked',
    reason,
    headers: [
      ...['x-gatehouse-verdict', 'blocked', 'x-gatehouse-reason', reason],
      ...['x-gatehouse-message', headerSafe(message)],
    ],
    body: JSON.stringify({ code: reason, message, reason }),
  };
}

/** Lets in a call that could not be decided (docs/behaviour.md 7.3). */
export const UNDECIDED_LET_IN: CheckResponse = {
  status: 200,
  verdict: 'allowed',
  reason: 'unavailable',
  headers: ['x-gatehouse-verdict', 'allowed', 'x-gatehouse-reason', 'unavailable'],
  body: '',
};

/** Sends the response; with `withBody` false, its headers alone. */
export function sendResponse(
  response: ServerResponse,
  { status, headers, body }: CheckResponse,
  withBody: boolean,
): void {
  const sent = withBody ? body : '';
  const length = String(Buffer.byteLength(sent));
  response.writeHead(status, [
    ...headers,
    ...['cache-control', 'no-store', 'content-length', length],
    ...(sent === '' ? [] : JSON_TYPE),
  ]);
  response.end(sent);
}
