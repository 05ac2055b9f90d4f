import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { isAscii } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { createServer, STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { routes } from '#shared/api/contract';
import { PROBLEM_CONTENT_TYPE } from '#shared/api/problem';
import { MINUTE_MS, SECOND_MS } from '#shared/durations';
import { Refusal } from '../policy/refusal';
import type { Metrics } from '../metrics/metrics';
import type { Readiness } from '../readiness';
import { oncePerMinute, type ServiceLog } from '../service-log';
import { DatabaseUnavailableError } from '../storage/unavailable';
import type { Tracing } from '../telemetry/tracing';
import { VERSION } from '../version';
import { TooManyAttempts } from './authentication';
import { checkPathOf, createCheckHandler, type CheckOptions } from './check/check';
import type { CallerReader } from './check/client-address';
import { registerControlPlane } from './control-plane';
import { registerMailPages } from './pages/mail-pages';
import { registerServicePages } from './pages/service-pages';
import { problemOf, sendProblem } from './problem';
import type { ControlPlaneContext } from './route-handlers';
import { TokenGuard } from './token-guard';

const BODY_LIMIT_BYTES = 1024 * 1024;
/** Longer than the 60 s for which proxies keep idle connections, so that no request meets a connection that we are closing. */
const KEEP_ALIVE_MS = 75 * SECOND_MS;
const UNAVAILABLE_RETRY_SECONDS = 2;
/** nginx passes on header lines of up to 8 KiB, and a check may carry several of them. */
const MAX_HEADER_BYTES = 64 * 1024;
const HEADERS_TIMEOUT_MS = 20 * SECOND_MS;
const REQUEST_TIMEOUT_MS = MINUTE_MS;

export interface AppOptions {
  readonly context: ControlPlaneContext;
  readonly check: Omit<CheckOptions, 'log' | 'metrics' | 'tracing' | 'callerOf' | 'onUndecided'>;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly log: ServiceLog;
  readonly callerOf: CallerReader;
  /** Returns for how long the policy in memory has not been confirmed against the database. */
  readonly policyAgeSeconds: () => number;
}

function requestFields({ id, method, routeOptions: { url } }: FastifyRequest) {
  return { requestId: id, method, route: url };
}

function registerErrors(
  app: FastifyInstance,
  {
    log,
    repeatedLog,
    readiness,
  }: Pick<AppOptions, 'log' | 'readiness'> & { readonly repeatedLog: ServiceLog },
): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof Refusal) return sendProblem(reply, error.code, error.message, error.details);
    if (error instanceof TooManyAttempts) {
      reply.header('retry-after', String(error.retryAfterSeconds));
      return sendProblem(reply, 'too_many_attempts', error.message, { field: 'authorization' });
    }
    if (error instanceof DatabaseUnavailableError) {
      repeatedLog.write('error', 'request.unavailable', { error, ...requestFields(request) });
      readiness.suspect();
      reply.header('retry-after', String(UNAVAILABLE_RETRY_SECONDS));
      return sendProblem(reply, 'unavailable', error.said.english, {
        detailWords: [error.said.words],
        service: readiness.state(),
      });
    }
    switch (error.statusCode) {
      case 413: {
        const detail = `The body is larger than ${request.routeOptions.bodyLimit} bytes.`;
        return sendProblem(reply, 'payload_too_large', detail, { field: 'body' });
      }
      case 415: {
        const detail = 'Send the body as application/json.';
        return sendProblem(reply, 'unsupported_media_type', detail, { field: 'content-type' });
      }
      case 400:
        return sendProblem(reply, 'invalid_request', `body: ${error.message}`, { field: 'body' });
      default: {
        log.write('error', 'request.failed', { error, ...requestFields(request) });
        const detail = `The service met an error; its log has the details under ${request.id}.`;
        return sendProblem(reply, 'internal', detail);
      }
    }
  });

  const paths = Object.values(routes).map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll(/:[a-z]+/gi, '[^/]+')}$`),
  }));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = paths.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (methods.length === 0) {
      return sendProblem(reply, 'not_found', 'There is nothing at this path.', { field: 'path' });
    }
    const allowed = methods.join(', ');
    reply.header('allow', allowed);
    return sendProblem(reply, 'method_not_allowed', `This path takes ${allowed}.`, { field: 'method' });
  });
}

/** Answers bytes that are no readable request, and closes the connection. */
function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? problemOf('headers_too_large', `The request's headers are larger than ${MAX_HEADER_BYTES} bytes.`, {
          field: 'headers',
        })
      : problemOf('invalid_request', 'This is no HTTP request that can be read.');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `content-type: ${PROBLEM_CONTENT_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Takes an empty body with a JSON content type as no body, because `curl -X DELETE` is often sent with that header. */
function registerBodies(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain');
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    // A list to import holds up calls while it is decoded, which ASCII shortens.
    const text = isAscii(body) ? body.toString('latin1') : body.toString('utf8');
    if (text.trim() === '') done(null, undefined);
    else void parseJson(request, text, done);
  });
}

/** Creates the HTTP server. Checks go straight to their handler, all other requests through the router. */
export async function createApp({
  context,
  check,
  readiness,
  metrics,
  tracing,
  log,
  callerOf,
  policyAgeSeconds,
}: AppOptions): Promise<FastifyInstance> {
  const onUndecided = (): void => readiness.suspect();
  // What a trouble of the database repeats with every call.
  const repeatedLog = oncePerMinute(log);
  const handleCheck = createCheckHandler({
    ...check,
    ...{ metrics, tracing, log: repeatedLog, callerOf, onUndecided },
  });
  const app = Fastify({
    logger: false,
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: 'idle',
    // What arrives before the last connection is closed is answered like everything before it.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    routerOptions: { maxParamLength: 100 },
    serverFactory: (handler): Server => {
      const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
        // A caller whose connection is closed with an answer opens the next one elsewhere, instead of losing a call here.
        if (readiness.isStopping) response.setHeader('connection', 'close');
        const pathAfterCheck = checkPathOf(request.url ?? '');
        if (pathAfterCheck !== undefined) {
          handleCheck(request, response, pathAfterCheck);
          return;
        }
        // Browsers must not guess another content type, not for errors either.
        response.setHeader('x-content-type-options', 'nosniff');
        handler(request, response);
      });
      // Node drops header lines beyond its limit without an error, so that a caller could hide its address behind many others.
      server.maxHeadersCount = 0;
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      server.headersTimeout = HEADERS_TIMEOUT_MS;
      server.requestTimeout = REQUEST_TIMEOUT_MS;
      return server;
    },
  });
  app.addHook('onRequest', ({ method, routeOptions, raw }, reply, done) => {
    tracing.ofRequest(`${method} ${routeOptions.url ?? 'unknown path'}`, raw, reply.raw, done);
  });
  registerBodies(app);
  registerErrors(app, { log, repeatedLog, readiness });
  registerServicePages(app, {
    readiness,
    metrics,
    version: VERSION,
    policyAgeSeconds,
    publicUrl: check.publicUrl,
  });
  await registerMailPages(app, { context, log, callerOf });
  registerControlPlane(app, context, new TokenGuard(context.clock), callerOf);
  await app.ready();
  return app;
}
