import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { routes } from '#shared/api/contract';
import { MAX_IMPORT_BYTES } from '#shared/api/routes-import';
import type { RouteContract } from '#shared/api/route-contract';
import type { RouteInput, RouteName, RouteResponse } from '#shared/api/route-types';
import { t } from '#shared/i18n/t';
import { failed, type Failure, type Outcome, succeeded } from '#shared/ipc/failure';
import { directNetwork, type NetworkAccess } from '../network/network';
import { messageOf, parseJson } from '../text';
import { createAgents, RouteError } from './agents';
import { answerFailure } from './answer-failure';
import { networkFailure, type NetworkTrouble } from './network-failure';
import { pathOf, type RouteParts } from './request';

/** Only the parts that a route takes can be given. */
export type CallInput<N extends RouteName> = {
  readonly [P in keyof RouteInput<N> as RouteInput<N>[P] extends undefined ? never : P]: RouteInput<N>[P];
};

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** The version that the caller saw. The service refuses the call as `stale` if there is a newer one. */
  readonly ifMatch?: number;
}

/** The control plane of one service, called with one access token. */
export interface ApiClient {
  /** The service's URL without a slash at the end. */
  readonly url: string;
  /**
   * The service's clock minus this computer's, in milliseconds, from the last answer (its resolution is a second); null
   * before the first.
   */
  readonly clockOffsetMs: number | null;
  /**
   * Calls a route and decodes its answer. Faults of the service, the network or the token are failures.
   * @throws the signal's reason once the caller's own signal has aborted.
   */
  call<N extends RouteName>(
    name: N,
    input: CallInput<N>,
    options?: CallOptions,
  ): Promise<Outcome<RouteResponse<N>>>;
  /**
   * Calls a route whose answer is streamed, and hands its pieces to `take`, the next one after it has resolved. Resolves when
   * the answer is whole. @throws what `take` throws.
   */
  download<N extends RouteName>(
    name: N,
    input: CallInput<N>,
    take: (piece: Uint8Array) => Promise<void>,
    options?: CallOptions,
  ): Promise<Outcome<undefined>>;
  /** Closes idle connections. */
  dispose(): void;
}

export interface ApiClientOptions {
  readonly url: string;
  readonly token: string;
  readonly appVersion: string;
  /** The service on this computer is reached directly whatever the settings say. */
  readonly isEmbedded?: boolean;
  /** By default there is no proxy. */
  readonly network?: NetworkAccess;
}

export type CreateApiClient = (options: ApiClientOptions) => ApiClient;

const DEFAULT_TIMEOUT_MS = 15_000;
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Creates a client for a service. It follows no redirect and tells a proxy only the host's name, so that the token goes to
 * that host alone; certificates are always verified.
 */
export const createApiClient: CreateApiClient = ({ url, token, appVersion, isEmbedded = false, network }) => {
  const { host } = new URL(url);
  const access = network === undefined || isEmbedded ? directNetwork() : network;
  const agents = createAgents(new URL(url), access);
  const http = axios.create({
    adapter: 'http',
    baseURL: url,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER_BYTES,
    maxBodyLength: MAX_IMPORT_BYTES,
    responseType: 'text',
    transformResponse: [(text: unknown) => text],
    validateStatus: () => true,
    httpAgent: agents.httpAgent,
    httpsAgent: agents.httpsAgent,
    headers: {
      accept: 'application/json, application/problem+json',
      authorization: `Bearer ${token}`,
      'user-agent': `Gatehouse-Console/${appVersion}`,
      // The audit trail then distinguishes a person's operations from a script's.
      'x-gatehouse-client': 'console',
    },
  });
  /** A service that repeats the token in an error must not get it into a window or a log. */
  const withoutToken = (failure: Failure): Failure => ({
    ...failure,
    message: failure.message.replaceAll(token, '[token]'),
  });

  let clockOffsetMs: number | null = null;

  return {
    url,
    get clockOffsetMs() {
      return clockOffsetMs;
    },
    async call(name, input, options = {}) {
      const sent = await send(http, routes[name], input, options);
      if (!sent.ok) return failed(withoutToken(networkFailure(sent.trouble, host)));
      clockOffsetMs = offsetOf(sent.response) ?? clockOffsetMs;
      const decoded = decode(routes[name], sent.response, host);
      return decoded.ok
        ? // The schema of this very route has just decoded it.
          succeeded(decoded.value as RouteResponse<typeof name>)
        : failed(withoutToken(decoded.failure));
    },
    async download(name, input, take, options = {}) {
      const path = pathOf(routes[name], input);
      const done = await receive(http, path, take, options);
      if (done.ok) return succeeded(undefined);
      if ('trouble' in done) return failed(withoutToken(networkFailure(done.trouble, host)));
      const decoded = decode(routes[name], done.response, host);
      return failed(withoutToken(decoded.ok ? notUnderstood(host) : decoded.failure));
    },
    dispose: () => agents.destroy(),
  };
};

type Sent =
  | { readonly ok: true; readonly response: AxiosResponse<string> }
  | { readonly ok: false; readonly trouble: NetworkTrouble };

async function send(
  http: AxiosInstance,
  route: RouteContract,
  parts: RouteParts,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS, ifMatch }: CallOptions,
): Promise<Sent> {
  signal?.throwIfAborted();
  // One deadline bounds the whole exchange, because axios's own timeout restarts with each byte.
  const abort = new AbortController();
  const onAbort = (): void => abort.abort();
  const timer = setTimeout(onAbort, timeoutMs);
  signal?.addEventListener('abort', onAbort);
  try {
    const response = await http.request<string>({
      method: route.method,
      url: pathOf(route, parts),
      signal: abort.signal,
      ...(parts.body !== undefined && { data: parts.body }),
      ...(ifMatch !== undefined && { headers: { 'if-match': `"${ifMatch}"` } }),
    });
    return { ok: true, response };
  } catch (error) {
    signal?.throwIfAborted();
    if (abort.signal.aborted) return { ok: false, trouble: { code: 'ETIMEDOUT', message: '' } };
    return { ok: false, trouble: troubleOf(error) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

type Received =
  | { readonly ok: true }
  | { readonly ok: false; readonly trouble: NetworkTrouble }
  | { readonly ok: false; readonly response: AxiosResponse<string> };

async function receive(
  http: AxiosInstance,
  path: string,
  take: (piece: Uint8Array) => Promise<void>,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions,
): Promise<Received> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const whole = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  let taking = false;
  try {
    const response = await http.get<AsyncIterable<Uint8Array>>(path, {
      responseType: 'stream',
      signal: whole,
    });
    const isRefusal = response.status < 200 || response.status > 299;
    const refusal: Uint8Array[] = [];
    for await (const piece of response.data) {
      taking = true;
      if (isRefusal) refusal.push(piece);
      else await take(piece);
      taking = false;
    }
    if (!isRefusal) return { ok: true };
    return { ok: false, response: { ...response, data: Buffer.concat(refusal).toString('utf8') } };
  } catch (error) {
    if (taking) throw error;
    signal?.throwIfAborted();
    if (whole.aborted) return { ok: false, trouble: { code: 'ETIMEDOUT', message: '' } };
    if (axios.isAxiosError(error)) return { ok: false, trouble: troubleOf(error) };
    // The answer ended before it was whole.
    return { ok: false, trouble: { code: codeOf(error) ?? 'ECONNRESET', message: messageOf(error) } };
  }
}

/** Takes only code and message, because the error also holds the request with its headers. */
function troubleOf(error: unknown): NetworkTrouble {
  if (!axios.isAxiosError(error)) throw error;
  if (error.cause instanceof RouteError) return { code: '', message: '', route: error.cause.trouble };
  return { code: codeOf(error.cause) ?? codeOf(error) ?? 'UNKNOWN', message: messageOf(error) };
}

/** An aborted signal has a numeric code of the web platform. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function decode(
  route: RouteContract,
  response: AxiosResponse<string>,
  host: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly failure: Failure } {
  if (response.status < 200 || response.status > 299) {
    const retryAfter: unknown = response.headers['retry-after'];
    const answer = {
      status: response.status,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
      text: response.data,
    };
    // Times in the answer follow the service's clock.
    const serviceNowMs = Date.now() + (offsetOf(response) ?? 0);
    return { ok: false, failure: answerFailure(answer, host, serviceNowMs) };
  }
  const json = response.status === 204 ? null : parseJson(response.data);
  const parsed = json === undefined ? undefined : route.response.safeParse(json);
  if (parsed?.success === true) return { ok: true, value: parsed.data };
  return { ok: false, failure: notUnderstood(host, parsed?.error.issues[0]?.path.join('.')) };
}

function notUnderstood(host: string, where = ''): Failure {
  const message =
    where === '' ? t('network.notUnderstood', { host }) : t('network.notUnderstoodAt', { host, where });
  return { kind: 'service', code: 'contract_violation', message };
}

/** The `Date` header (RFC 9110, 6.6.1) is cut to the second, so half a second is added. */
function offsetOf(response: AxiosResponse<string>): number | null {
  const header: unknown = response.headers['date'];
  const serviceMs = typeof header === 'string' ? Date.parse(header) : NaN;
  return Number.isNaN(serviceMs) ? null : serviceMs + 500 - Date.now();
}
