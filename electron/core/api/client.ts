import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { routes } from '#shared/api/contract';
import type { RouteContract } from '#shared/api/route-contract';
import type { RouteInput, RouteName, RouteResponse } from '#shared/api/route-types';
import { failed, type Failure, type Outcome, succeeded } from '#shared/ipc/failure';
import { directNetwork, type NetworkAccess } from '../network/network';
import { messageOf, parseJson } from '../text';
import { createAgents, RouteError } from './agents';
import { answerFailure } from './answer-failure';
import { networkFailure, type NetworkTrouble } from './network-failure';
import { pathOf, type RouteParts } from './request';

/** The parts that a route takes; those that it does not take cannot be given. */
export type CallInput<N extends RouteName> = {
  readonly [P in keyof RouteInput<N> as RouteInput<N>[P] extends undefined ? never : P]: RouteInput<N>[P];
};

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** The control plane of one service, called with one access token. */
export interface ApiClient {
  /** The service's URL, without a slash at the end. */
  readonly url: string;
  /**
   * How far the service's clock is ahead of this computer's, in milliseconds, as its last answer told (to the second);
   * null before the first.
   */
  readonly clockOffsetMs: number | null;
  /**
   * Calls a route and decodes its answer. What the service, the network or the token is to blame for is a failure.
   *
   * @throws the signal's reason once the caller's own signal has aborted.
   */
  call<N extends RouteName>(
    name: N,
    input: CallInput<N>,
    options?: CallOptions,
  ): Promise<Outcome<RouteResponse<N>>>;
  /** Closes the connections that are kept open. */
  dispose(): void;
}

export interface ApiClientOptions {
  readonly url: string;
  readonly token: string;
  readonly appVersion: string;
  /** The service on this computer, which is reached directly whatever its address and the settings. */
  readonly isEmbedded?: boolean;
  /** Without it there is no proxy. */
  readonly network?: NetworkAccess;
}

export type CreateApiClient = (options: ApiClientOptions) => ApiClient;

const DEFAULT_TIMEOUT_MS = 15_000;
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;
const LARGEST_BODY_BYTES = 8 * 1024 * 1024;

/**
 * Makes a client for a service. It follows no redirect and gives a proxy nothing but the name of the host, so that the
 * token goes to that host and nowhere else; certificates are always verified.
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
    maxBodyLength: LARGEST_BODY_BYTES,
    responseType: 'text',
    transformResponse: [(text: unknown) => text],
    validateStatus: () => true,
    httpAgent: agents.httpAgent,
    httpsAgent: agents.httpsAgent,
    headers: {
      accept: 'application/json, application/problem+json',
      authorization: `Bearer ${token}`,
      'user-agent': `Gatehouse-Console/${appVersion}`,
      // So that the audit trail tells a person's edits from a script's.
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
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions,
): Promise<Sent> {
  signal?.throwIfAborted();
  // One deadline for the whole exchange: axios's own timeout starts anew with each byte.
  const abort = new AbortController();
  const onAbort = (): void => abort.abort();
  const timer = setTimeout(onAbort, timeoutMs);
  signal?.addEventListener('abort', onAbort);
  try {
    const response = await http.request<string>({
      method: route.method,
      url: pathOf(route, parts),
      signal: abort.signal,
      ...(parts.body === undefined ? {} : { data: parts.body }),
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

/** Code and message alone: the error itself also holds the request with its headers. */
function troubleOf(error: unknown): NetworkTrouble {
  if (!axios.isAxiosError(error)) throw error;
  if (error.cause instanceof RouteError) return { code: '', message: '', route: error.cause.trouble };
  return { code: codeOf(error.cause) ?? codeOf(error) ?? 'UNKNOWN', message: messageOf(error) };
}

/** A number where a signal aborted: that is a code of the web's. */
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
    // A time in the answer is the service's.
    const serviceNowMs = Date.now() + (offsetOf(response) ?? 0);
    return { ok: false, failure: answerFailure(answer, host, serviceNowMs) };
  }
  const json = response.status === 204 ? null : parseJson(response.data);
  const parsed = json === undefined ? undefined : route.response.safeParse(json);
  if (parsed?.success === true) return { ok: true, value: parsed.data };
  const where = parsed?.error.issues[0]?.path.join('.') ?? '';
  const part = where === '' ? '' : ` (at ${where})`;
  return {
    ok: false,
    failure: {
      kind: 'service',
      code: 'contract_violation',
      message: `${host} gave an answer that this console does not understand${part}. Is one of the two too old?`,
    },
  };
}

/** From the `Date` header (RFC 9110, 6.6.1), which is cut to the second: half of one is the best guess. */
function offsetOf(response: AxiosResponse<string>): number | null {
  const header: unknown = response.headers['date'];
  const serviceMs = typeof header === 'string' ? Date.parse(header) : NaN;
  return Number.isNaN(serviceMs) ? null : serviceMs + 500 - Date.now();
}
