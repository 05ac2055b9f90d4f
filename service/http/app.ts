import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { createServer, type Server } from 'node:http';
import { routes } from '#shared/api/contract';
import { idSchema } from '#shared/domain/entities';
import type { Cidr } from '#shared/ip/index';
import { Refusal } from '../account/refusal';
import type { Metrics } from '../metrics/metrics';
import type { ServiceLog } from '../service-log';
import { DatabaseUnavailableError } from '../storage/unavailable';
import { VERSION } from '../version';
import { TooManyAttempts } from './authentication';
import { checkPathOf, createCheckHandler, type CheckOptions } from './check';
import { registerControlPlane } from './control-plane';
import { registerMailPages } from './mail-pages';
import { problemOf, sendProblem } from './problem';
import type { ControlPlaneContext } from './route-handlers';
import { REVIEW_PAGE_CSP, reviewPage } from './review-page';
import { registerServicePages } from './service-pages';
import { TokenGuard } from './token-guard';

const BODY_LIMIT_BYTES = 1024 * 1024;
/** Longer than the 60 s for which proxies keep idle connections: whoever closes last loses no request. */
const KEEP_ALIVE_MS = 75_000;
/** When those whom the database could not answer may ask again. */
const UNAVAILABLE_RETRY_SECONDS = 2;
const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 60_000;

export interface AppOptions {
  readonly context: ControlPlaneContext;
  readonly check: Omit<CheckOptions, 'log' | 'metrics'>;
  readonly metrics: Metrics;
  readonly log: ServiceLog;
  readonly trustedProxies: readonly Cidr[];
}

const registerErrors = (app: FastifyInstance, log: ServiceLog): void => {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof Refusal)
      return sendProblem(reply, problemOf(error.code, error.message, error.details));
    if (error instanceof TooManyAttempts) {
      reply.header('retry-after', String(error.retryAfterSeconds));
      return sendProblem(reply, problemOf('too_many_attempts', error.message, { field: 'authorization' }));
    }
    if (error instanceof DatabaseUnavailableError) {
      log.write('error', 'request.unavailable', { error });
      reply.header('retry-after', String(UNAVAILABLE_RETRY_SECONDS));
      return sendProblem(reply, problemOf('unavailable', `The database is not available: ${error.reason}.`));
    }
    switch (error.statusCode) {
      case 413:
        return sendProblem(
          reply,
          problemOf('payload_too_large', `The body is larger than ${request.routeOptions.bodyLimit} bytes.`, {
            field: 'body',
          }),
        );
      case 415:
        return sendProblem(
          reply,
          problemOf('unsupported_media_type', 'Send the body as application/json.', {
            field: 'content-type',
          }),
        );
      case 400:
        return sendProblem(reply, problemOf('invalid_request', `body: ${error.message}`, { field: 'body' }));
      default:
        log.write('error', 'request.failed', { error });
        return sendProblem(
          reply,
          problemOf('internal', 'The service met an error; its log has the details.'),
        );
    }
  });

  const paths = Object.values(routes).map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll(/:[a-z]+/gi, '[^/]+')}$`),
  }));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = paths.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (methods.length > 0) {
      reply.header('allow', methods.join(', '));
      return sendProblem(
        reply,
        problemOf('method_not_allowed', `This path takes ${methods.join(', ')}.`, { field: 'method' }),
      );
    }
    return sendProblem(reply, problemOf('not_found', 'There is nothing at this path.', { field: 'path' }));
  });
};

const registerPages = (app: FastifyInstance): void => {
  const page = (reviewId?: string) => reviewPage(idSchema.safeParse(reviewId).data);
  const html = {
    'content-security-policy': REVIEW_PAGE_CSP,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  app.get('/reviews', (_request, reply) => reply.headers(html).type('text/html; charset=utf-8').send(page()));
  app.get<{ Params: { id: string } }>('/reviews/:id', (request, reply) =>
    reply.headers(html).type('text/html; charset=utf-8').send(page(request.params.id)),
  );
};

/** An empty body with a JSON content type is no body: `curl -X DELETE` with a default header is no mistake. */
const registerBodies = (app: FastifyInstance): void => {
  app.removeContentTypeParser('text/plain');
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (typeof body === 'string' && body.trim() === '') done(null, undefined);
    else void parseJson(request, body as string, done);
  });
};

/** The HTTP server: checks go straight to their handler, everything else through the router. */
export const createApp = async ({
  context,
  check,
  metrics,
  log,
  trustedProxies,
}: AppOptions): Promise<FastifyInstance> => {
  const handleCheck = createCheckHandler({ ...check, metrics, log });
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 100 },
    serverFactory: (handler): Server => {
      const server = createServer((request, response) => {
        const pathAfterCheck = checkPathOf(request.url ?? '');
        if (pathAfterCheck === undefined) handler(request, response);
        else handleCheck(request, response, pathAfterCheck);
      });
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      server.headersTimeout = HEADERS_TIMEOUT_MS;
      server.requestTimeout = REQUEST_TIMEOUT_MS;
      return server;
    },
  });
  registerBodies(app);
  registerErrors(app, log);
  registerPages(app);
  registerServicePages(app, {
    storage: context.storage,
    metrics,
    version: VERSION,
    publicUrl: check.publicUrl,
  });
  await registerMailPages(app, { context, log, trustedProxies });
  registerControlPlane(app, context, new TokenGuard(context.clock), trustedProxies);
  await app.ready();
  return app;
};
