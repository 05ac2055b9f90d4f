import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { sentence } from '#shared/domain/sentence';
import { MINUTE_MS, SECOND_MS } from '#shared/durations';
import { parseAddress } from '#shared/ip/index';
import { reservedNetworkOf } from '../enforcement/trust/reserved-networks';
import { VERSION } from '../version';
import { SourceFailure } from './source-failure';

/** The headers of an answer by which its server is asked whether the list has changed. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

export type FetchedList =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly body: Buffer; readonly validators: Validators };

/** Fetches a list. @throws SourceFailure with a sentence that says what was wrong. */
export type ListFetcher = (url: string, known: Validators, signal?: AbortSignal) => Promise<FetchedList>;

export interface FetchOptions {
  /** Returns true if lists may be fetched from the address. */
  readonly mayConnect: (address: string) => boolean;
  readonly lookup?: typeof systemLookup;
  readonly maxBytes?: number;
  /** Milliseconds for the whole fetch, and without a byte of it. */
  readonly totalMs?: number;
  readonly idleMs?: number;
  /** Further authorities, in PEM; those of Node otherwise. */
  readonly ca?: string;
}

const MAX_BYTES = 16 * 1024 * 1024;
const TOTAL_MS = MINUTE_MS;
const IDLE_MS = 15 * SECOND_MS;
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Returns true for an ordinary public address. Anything that cannot be read counts as private. */
export function isPublicAddress(text: string): boolean {
  const parsed = parseAddress(text);
  return parsed.ok && reservedNetworkOf(parsed.address) === undefined;
}

function refusedAddress(host: string, address: string): SourceFailure {
  return new SourceFailure(
    host === address ? sentence('hostPrivate', { host }) : sentence('hostAtPrivate', { host, address }),
  );
}

/** Makes a lookup that gives only addresses to which connections are allowed: the one that is checked is the one that is used. */
function guardedLookup({ mayConnect, lookup = systemLookup }: FetchOptions): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) {
        callback(error, '');
        return;
      }
      const allowed = found.filter(({ address }) => mayConnect(address));
      const [first] = allowed;
      if (first === undefined) callback(refusedAddress(host, found[0]?.address ?? ''), '');
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function send(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isSecure = url.protocol === 'https:';
    const request = isSecure
      ? requestHttps(url, { ...options, rejectUnauthorized: true })
      : requestHttp(url, options);
    let answer: IncomingMessage | undefined;
    request.once('response', (response) => {
      answer = response;
      resolve(response);
    });
    request.once('error', reject);
    request.once('timeout', () => {
      const failure = new SourceFailure(sentence('hostStopped', { host: url.host }));
      // The answer would only say that it was aborted.
      answer?.destroy(failure);
      request.destroy(failure);
    });
    request.end();
  });
}

function decoded(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.toLowerCase() ?? 'identity';
  const decoder = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  }[encoding];
  if (encoding === 'identity') return response;
  if (decoder === undefined) throw new SourceFailure(sentence('answerEncoded', { encoding }));
  const stream = decoder();
  response.once('error', (error) => stream.destroy(error));
  return response.pipe(stream);
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  // The limit is that of the unpacked list, so that a small answer cannot fill memory.
  for await (const piece of decoded(response) as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > maxBytes) {
      throw new SourceFailure(sentence('answerTooLarge', { megabytes: Math.floor(maxBytes / 1024 ** 2) }));
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Returns where the answer leads; undefined if it is no redirect. */
function redirectOf(url: URL, { statusCode = 0, headers }: IncomingMessage): URL | undefined {
  if (!REDIRECTS.has(statusCode)) return undefined;
  const { location } = headers;
  const next =
    location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (next === undefined || (next.protocol !== 'http:' && next.protocol !== 'https:')) {
    throw new SourceFailure(sentence('hostRedirectsNowhere', { host: url.host }));
  }
  if (url.protocol === 'https:' && next.protocol === 'http:') {
    throw new SourceFailure(sentence('hostRedirectsToHttp', { host: url.host }));
  }
  return next;
}

/** Explains the errors of connections and of TLS. */
function failureOf(error: unknown, host: string): SourceFailure {
  if (error instanceof SourceFailure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const problem = error instanceof Error ? error.message : String(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new SourceFailure(sentence('hostUnknown', { host }));
  if (code === 'ECONNREFUSED') return new SourceFailure(sentence('hostRefuses', { host }));
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR')) {
    return new SourceFailure(sentence('answerNotUnpacked', { host }));
  }
  return new SourceFailure(sentence('hostUnusable', { host, problem }));
}

/**
 * Creates a fetcher of lists. TLS is verified, and each address is checked before it is connected to, also behind a redirect.
 */
export function createListFetcher(options: FetchOptions): ListFetcher {
  const { mayConnect, maxBytes = MAX_BYTES, totalMs = TOTAL_MS, idleMs = IDLE_MS, ca } = options;
  const lookup = guardedLookup(options);

  const fetchFrom = async (
    url: URL,
    known: Validators,
    signal: AbortSignal,
    redirects: number,
  ): Promise<FetchedList> => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A host that is an address is not looked up.
    if (isIP(host) !== 0 && !mayConnect(host)) throw refusedAddress(host, host);
    const response = await send(url, {
      // A kept connection would not be looked up again.
      agent: false,
      lookup,
      signal,
      timeout: idleMs,
      ...(ca !== undefined && { ca }),
      headers: {
        accept: 'application/json, text/csv, text/plain, */*;q=0.5',
        'accept-encoding': 'gzip, deflate, br',
        'user-agent': `Gatehouse/${VERSION}`,
        ...(known.etag !== undefined && { 'if-none-match': known.etag }),
        ...(known.lastModified !== undefined && { 'if-modified-since': known.lastModified }),
      },
    });
    try {
      const next = redirectOf(url, response);
      if (next !== undefined) {
        if (redirects === 0) throw new SourceFailure(sentence('hostRedirectsTooOften', { host: url.host }));
        response.destroy();
        return await fetchFrom(next, known, signal, redirects - 1);
      }
      const { statusCode = 0, headers } = response;
      if (statusCode === 304 && (known.etag !== undefined || known.lastModified !== undefined)) {
        return { kind: 'unchanged' };
      }
      if (statusCode !== 200)
        throw new SourceFailure(sentence('hostAnswered', { host: url.host, status: String(statusCode) }));
      const body = await readBody(response, maxBytes);
      const validators = { etag: headers.etag, lastModified: headers['last-modified'] };
      return { kind: 'changed', body, validators };
    } catch (error) {
      throw failureOf(error, url.host);
    } finally {
      response.destroy();
    }
  };

  return async (text, known, signal) => {
    const url = new URL(text);
    const deadline = AbortSignal.timeout(totalMs);
    try {
      return await fetchFrom(
        url,
        known,
        signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        MAX_REDIRECTS,
      );
    } catch (error) {
      if (deadline.aborted) {
        throw new SourceFailure(
          sentence('hostSlow', { host: url.host, seconds: Math.ceil(totalMs / SECOND_MS) }),
        );
      }
      throw failureOf(error, url.host);
    }
  };
}
