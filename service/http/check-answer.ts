import type { ServerResponse } from 'node:http';
import type { Reason, Verdict } from '#shared/domain/entities';

/** What the data plane answers (docs/behaviour.md 3.5). */
export type CheckAnswer =
  | {
      readonly kind: 'allowed';
      readonly reason: Reason | 'unavailable';
      readonly keyId: string | null;
      readonly rangeId: string | null;
    }
  | {
      readonly kind: 'blocked';
      readonly reason: Reason;
      readonly message: string;
      readonly keyId: string | null;
      readonly rangeId: string | null;
      readonly reviewId: string | null;
    }
  /** The forwarded chain cannot be read. */
  | { readonly kind: 'bad_forwarded_for'; readonly message: string }
  /** No verdict can be given; the call is not let in. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** An answer as it is sent, which can be done many times. */
export interface PreparedAnswer {
  readonly status: number;
  readonly verdict: Verdict;
  /** A reason of the table, or why no verdict was given. */
  readonly reason: string;
  readonly body: string;
  /** Names and values in turn, as Node takes them without looking at each of them again. */
  readonly headers: string[];
  /** Those of the answer without its body. */
  readonly bareHeaders: string[];
  /** The beginning of its head as Node has written it, up to the date; undefined until it was sent. */
  readonly head: { whole: string | undefined; bare: string | undefined };
}

const STATUS = { allowed: 200, blocked: 401, bad_forwarded_for: 400, unavailable: 503 } as const;

/** Header values travel as Latin-1 and must not carry line ends; hops quoted in a message may hold anything. */
const headerSafe = (value: string): string => value.replaceAll(/[^\x20-\x7e]/g, '?');

const verdictHeadersOf = (answer: CheckAnswer): string[] => {
  switch (answer.kind) {
    case 'allowed':
    case 'blocked': {
      const headers = ['x-gatehouse-verdict', answer.kind, 'x-gatehouse-reason', answer.reason];
      if (answer.keyId !== null) headers.push('x-gatehouse-key', answer.keyId);
      if (answer.rangeId !== null) headers.push('x-gatehouse-range', answer.rangeId);
      if (answer.kind === 'allowed') return headers;
      headers.push('x-gatehouse-message', headerSafe(answer.message));
      if (answer.reviewId !== null) headers.push('x-gatehouse-review', answer.reviewId);
      return headers;
    }
    case 'bad_forwarded_for':
    case 'unavailable':
      return [
        'x-gatehouse-verdict',
        'blocked',
        'x-gatehouse-reason',
        answer.kind,
        'x-gatehouse-message',
        headerSafe(answer.message),
      ];
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
        ...(answer.reviewId !== null && { review: answer.reviewId }),
      });
    case 'bad_forwarded_for':
    case 'unavailable':
      return JSON.stringify({ code: answer.kind, message: answer.message, reason: answer.kind });
  }
};

const JSON_TYPE = ['content-type', 'application/json', 'x-content-type-options', 'nosniff'];

/** Works out what is sent for an answer. */
export const prepareAnswer = (answer: CheckAnswer): PreparedAnswer => {
  const body = bodyOf(answer);
  const common = [...verdictHeadersOf(answer), 'cache-control', 'no-store'];
  const bareHeaders = [...common, 'content-length', '0'];
  return {
    status: STATUS[answer.kind],
    verdict: answer.kind === 'allowed' ? 'allowed' : 'blocked',
    reason: 'reason' in answer ? answer.reason : answer.kind,
    body,
    headers:
      body === ''
        ? bareHeaders
        : [...common, 'content-length', String(Buffer.byteLength(body)), ...JSON_TYPE],
    bareHeaders,
    head: { whole: undefined, bare: undefined },
  };
};

/** Where Node keeps the head that it has written and not sent yet. */
interface WrittenHead {
  _header?: unknown;
}

const writtenBy = (response: ServerResponse): string | undefined => {
  const { _header: head } = response as unknown as WrittenHead;
  return typeof head === 'string' ? head : undefined;
};

const DATE_LINE = '\r\nDate: ';

/** A whole answer, or one without its body. */
type Form = keyof PreparedAnswer['head'];

/**
 * Sends an answer; with `withBody` false, the headers alone.
 * @param second the time, in whole seconds since the epoch.
 */
export type AnswerSender = (
  response: ServerResponse,
  answer: PreparedAnswer,
  withBody: boolean,
  second: number,
) => void;

/**
 * Sends the answers of one server. Making a head takes Node a tenth of what a check takes, so it is put together of what Node has
 * written before: for this answer, and on any connection that is kept, in this second.
 */
export const createAnswerSender = (): AnswerSender => {
  /** The second of the date, since the epoch. */
  let endSecond = -1;
  let end = '';

  const keepHead = (written: string, answer: PreparedAnswer, form: Form, second: number): void => {
    const place = written.indexOf(DATE_LINE);
    if (place === -1) return;
    answer.head[form] = written.slice(0, place);
    // Node learns a little later that a second has passed.
    if (!written.startsWith(new Date(second * 1000).toUTCString(), place + DATE_LINE.length)) return;
    endSecond = second;
    end = written.slice(place);
  };

  const writeHead = (
    response: ServerResponse,
    answer: PreparedAnswer,
    form: Form,
    headers: string[],
    second: number,
  ): void => {
    const beginning = answer.head[form];
    // The end of a connection is said in the head.
    const isKept = response.shouldKeepAlive;
    if (isKept && endSecond === second && beginning !== undefined) {
      response.statusCode = answer.status;
      (response as unknown as WrittenHead)._header = beginning + end;
      return;
    }
    response.writeHead(answer.status, headers);
    const written = isKept ? writtenBy(response) : undefined;
    if (written !== undefined) keepHead(written, answer, form, second);
  };

  return (response, answer, withBody, second) => {
    if (!withBody) {
      writeHead(response, answer, 'bare', answer.bareHeaders, second);
      response.end();
      return;
    }
    writeHead(response, answer, 'whole', answer.headers, second);
    response.end(answer.body);
  };
};
