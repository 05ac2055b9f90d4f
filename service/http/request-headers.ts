import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { OriginalRequest } from '../gate/gate';

const unlessEmpty = (value: string | undefined): string | undefined => {
  const text = value?.trim();
  return text === '' ? undefined : text;
};

/** The header's value, trimmed; undefined when it is absent or empty. Repeated headers arrive joined by commas. */
export const headerText = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return unlessEmpty(Array.isArray(value) ? value.join(', ') : value);
};

/**
 * The same from the headers as they were sent, for those whose repetitions are joined: Node takes longer to sort all headers of a
 * call than its verdict takes.
 */
export const sentHeaderText = (rawHeaders: readonly string[], name: string): string | undefined => {
  let value: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const field = rawHeaders[index];
    if (field?.length !== name.length || field.toLowerCase() !== name) continue;
    const sent = rawHeaders[index + 1] ?? '';
    value = value === undefined ? sent : `${value}, ${sent}`;
  }
  return unlessEmpty(value);
};

const firstHeader = (headers: IncomingHttpHeaders, names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = headerText(headers, name);
    if (value !== undefined) return value;
  }
  return undefined;
};

const BEARER = /^bearer +(.+)$/i;

export const bearerToken = (headers: IncomingHttpHeaders): string | undefined =>
  BEARER.exec(headerText(headers, 'authorization') ?? '')?.[1];

/**
 * The bearer token of a call. Of several such headers Node keeps the first alone, but the API behind the proxy may take
 * another one. Those of any other name arrive joined, which is no key; so is this.
 */
const onlyBearerToken = ({ headers, rawHeaders }: KeyCarrier): string | undefined => {
  const token = bearerToken(headers);
  if (token === undefined) return undefined;
  const isAuthorization = (text: string, index: number): boolean =>
    index % 2 === 0 && text.toLowerCase() === 'authorization';
  return rawHeaders.filter(isAuthorization).length > 1 ? `${token}, (and another)` : token;
};

type KeyCarrier = Pick<IncomingMessage, 'headers' | 'rawHeaders'>;

/** The API key of a call: the first present of the configured headers; `authorization` counts as a bearer token. */
export const apiKeyOf = (request: KeyCarrier, keyHeaders: readonly string[]): string | undefined => {
  for (const name of keyHeaders) {
    const value =
      name === 'authorization' ? onlyBearerToken(request) : sentHeaderText(request.rawHeaders, name);
    if (value !== undefined) return value;
  }
  return undefined;
};

const MAX_METHOD_LENGTH = 32;
const MAX_PATH_LENGTH = 1024;
const MAX_AGENT_LENGTH = 512;

const METHOD_HEADERS = ['x-original-method', 'x-forwarded-method'];
const URI_HEADERS = ['x-original-uri', 'x-original-url', 'x-forwarded-uri'];

/** The path of a URI or URL. Queries stay out of the log: people put credentials and personal data into them. */
const pathOf = (uri: string): string => {
  const withoutOrigin = uri.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const path = withoutOrigin.split(/[?#]/, 1)[0] ?? '';
  return (path === '' ? '/' : path).slice(0, MAX_PATH_LENGTH);
};

/**
 * The call that a proxy asks about. Envoy names it by the path after `/v1/check` and by its own method; the others
 * send headers.
 */
export const originalRequest = (
  headers: IncomingHttpHeaders,
  method: string | undefined,
  pathAfterCheck: string,
): OriginalRequest => {
  const uri = firstHeader(headers, URI_HEADERS) ?? (pathAfterCheck === '' ? undefined : pathAfterCheck);
  return {
    method: (firstHeader(headers, METHOD_HEADERS) ?? method ?? null)?.slice(0, MAX_METHOD_LENGTH) ?? null,
    path: uri === undefined ? null : pathOf(uri),
    userAgent: headerText(headers, 'user-agent')?.slice(0, MAX_AGENT_LENGTH) ?? null,
  };
};
