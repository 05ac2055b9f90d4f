import type { ServerResponse } from 'node:http';
import type { Reason } from '#shared/domain/entities';

/** What the data plane answers (SPEC 4, "Data plane"). */
export type CheckAnswer =
  | {
      readonly kind: 'allowed';
      readonly reason: Reason | 'unavailable';
      readonly keyId?: string;
      readonly rangeId?: string;
    }
  | {
      readonly kind: 'blocked';
      readonly reason: Reason;
      readonly message: string;
      readonly reviewId?: string;
      readonly keyId?: string;
      readonly rangeId?: string;
    }
  /** The forwarded chain cannot be read. */
  | { readonly kind: 'bad_forwarded_for'; readonly message: string }
  /** No verdict can be given; the call is not let in. */
  | { readonly kind: 'unavailable'; readonly message: string };

const STATUS = { allowed: 200, blocked: 401, bad_forwarded_for: 400, unavailable: 503 } as const;

const headersOf = (answer: CheckAnswer): Record<string, string> => {
  switch (answer.kind) {
    case 'allowed':
    case 'blocked':
      return {
        'x-gatehouse-verdict': answer.kind,
        'x-gatehouse-reason': answer.reason,
        ...(answer.keyId !== undefined && { 'x-gatehouse-key': answer.keyId }),
        ...(answer.rangeId !== undefined && { 'x-gatehouse-range': answer.rangeId }),
        ...(answer.kind === 'blocked' && { 'x-gatehouse-message': answer.message }),
        ...(answer.kind === 'blocked' &&
          answer.reviewId !== undefined && { 'x-gatehouse-review': answer.reviewId }),
      };
    case 'bad_forwarded_for':
    case 'unavailable':
      return {
        'x-gatehouse-verdict': 'blocked',
        'x-gatehouse-reason': answer.kind,
        'x-gatehouse-message': answer.message,
      };
  }
};

const bodyOf = (answer: CheckAnswer): string => {
  switch (answer.kind) {
    case 'allowed':
      // A body would make nginx open a new connection for every check.
      return '';
    case 'blocked':
      return JSON.stringify({
        code: 'unauthorized',
        message: answer.message,
        reason: answer.reason,
        ...(answer.reviewId !== undefined && { review: answer.reviewId }),
      });
    case 'bad_forwarded_for':
    case 'unavailable':
      return JSON.stringify({ code: answer.kind, message: answer.message, reason: answer.kind });
  }
};

/** Header values travel as Latin-1 and must not carry line ends; hops quoted in a message may hold anything. */
const headerSafe = (value: string): string => value.replaceAll(/[^\x20-\x7e]/g, '?');

/** Sends the answer; with `withBody` false, the headers alone. */
export const sendCheckAnswer = (response: ServerResponse, answer: CheckAnswer, withBody: boolean): void => {
  const body = withBody ? bodyOf(answer) : '';
  const headers: Record<string, string | number> = {
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
  };
  for (const [name, value] of Object.entries(headersOf(answer))) headers[name] = headerSafe(value);
  if (body !== '') headers['content-type'] = 'application/json';
  response.writeHead(STATUS[answer.kind], headers);
  response.end(body);
};
