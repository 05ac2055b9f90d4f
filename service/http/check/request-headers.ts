import type { IncomingHttpHeaders } from 'node:http';
import { cutText } from '#shared/domain/plain-text';
import type { OriginalRequest } from '../../gate/call';

function unlessEmpty(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}

/** Returns the header's value, trimmed; undefined if it is absent or empty. Node joins most repeated headers with commas. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return unlessEmpty(Array.isArray(value) ? value.join(', ') : value);
}

/**
 * Returns the header's value as it was sent, trimmed; undefined if it is absent, an empty text if it is empty. Repetitions
 * are joined with commas. It reads the raw headers, because Node keeps only the first line of some: the caller could choose
 * which of two values counts.
 */
export function sentHeader(rawHeaders: readonly string[], name: string): string | undefined {
  let value: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== name) continue;
    const sent = rawHeaders[index + 1] ?? '';
    value = value === undefined ? sent : `${value}, ${sent}`;
  }
  return value?.trim();
}

function firstHeader(headers: IncomingHttpHeaders, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = headerText(headers, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A tab may stand in place of the space. */
const BEARER = /^bearer[ \t]+(.+)$/i;

export function bearerTokenIn(authorization: string): string | undefined {
  return BEARER.exec(authorization)?.[1];
}

export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return bearerTokenIn(headerText(headers, 'authorization') ?? '');
}

const MAX_METHOD_LENGTH = 32;
const MAX_PATH_LENGTH = 1024;
const MAX_AGENT_LENGTH = 512;

const METHOD_HEADERS = ['x-original-method', 'x-forwarded-method'];
const URI_HEADERS = ['x-original-uri', 'x-original-url', 'x-forwarded-uri'];

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8, or else Latin-1. Node hands on each byte of a header as one character. */
function decodedHeader(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  try {
    return UTF8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return bytes;
  }
}

/** Returns the path of a URI or URL without the query, because people put credentials and personal data into queries. */
function pathOf(uri: string): string {
  const withoutOrigin = uri.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const path = withoutOrigin.split(/[?#]/, 1)[0] ?? '';
  return path === '' ? '/' : path;
}

/**
 * Returns the call that a proxy asks about (docs/behaviour.md 3.4). Envoy names it by its own method and the path after
 * `/v1/check`; other proxies send headers.
 */
export function originalRequest(
  headers: IncomingHttpHeaders,
  method: string | undefined,
  pathAfterCheck: string,
): Omit<OriginalRequest, 'fingerprint'> {
  const uri = firstHeader(headers, URI_HEADERS) ?? (pathAfterCheck === '' ? undefined : pathAfterCheck);
  const logged = (bytes: string | undefined, maxLength: number): string | null =>
    bytes === undefined ? null : cutText(decodedHeader(bytes), maxLength);
  return {
    method: logged(firstHeader(headers, METHOD_HEADERS) ?? method, MAX_METHOD_LENGTH),
    path: logged(uri === undefined ? undefined : pathOf(uri), MAX_PATH_LENGTH),
    userAgent: logged(headerText(headers, 'user-agent'), MAX_AGENT_LENGTH),
  };
}
