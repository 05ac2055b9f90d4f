import type { ServerResponse } from 'node:http';
import type { Reason, Verdict } from '#shared/domain/entities';
import type { CallVerdict } from '../../gate/call';

/** Where the link in a message leads; clients of the published feature know the path. */
export const REVIEWS_PATH = '/security/authorised_ips';

/** What the data plane answers (SPEC 4, "Data plane"). */
export interface CheckResponse {
  readonly status: number;
  readonly verdict: Verdict;
  /** A reason of the table, or why no verdict was given. */
  readonly reason: Reason | NoVerdict;
  /** Names and values in turn, without those of the body. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Why no verdict is given: the forwarded chain cannot be read, or the service cannot decide. */
type NoVerdict = 'bad_forwarded_for' | 'unavailable';

export interface MessageOptions {
  readonly echoIp: boolean;
  /** Where the links in messages lead; known once the service listens. */
  readonly publicUrl: () => string;
}

const JSON_TYPE = ['content-type', 'application/json', 'x-content-type-options', 'nosniff'];

/** Header values travel as Latin-1 and must not carry line ends; hops quoted in a message may hold anything. */
function headerSafe(value: string): string {
  return value.replaceAll(/[^\x20-\x7e]/g, '?');
}

/** The sentences that clients of the published feature know, word by word. */
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

/** Says the verdict on a call. */
export function responseTo(callVerdict: CallVerdict, options: MessageOptions): CheckResponse {
  const { verdict, reason, keyId, rangeId, reviewId } = callVerdict;
  const headers = ['x-gatehouse-verdict', verdict, 'x-gatehouse-reason', reason];
  if (keyId !== null) headers.push('x-gatehouse-key', keyId);
  if (rangeId !== null) headers.push('x-gatehouse-range', rangeId);
  // A body would make nginx open a new connection for every check.
  if (verdict === 'allowed') return { status: 200, verdict, reason, headers, body: '' };
  const message = messageFor(callVerdict, options);
  headers.push('x-gatehouse-message', headerSafe(message));
  if (reviewId !== null) headers.push('x-gatehouse-review', reviewId);
  const body = { code: 'unauthorized', message, reason, ...(reviewId !== null && { review: reviewId }) };
  return { status: 401, verdict, reason, headers, body: JSON.stringify(body) };
}

/** Lets nobody in and says why there is no verdict. */
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

/** Lets in a call that could not be decided. */
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
