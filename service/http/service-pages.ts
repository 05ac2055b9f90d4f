import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Readiness } from '../readiness';
import { DatabaseUnavailableError } from '../storage/unavailable';
import type { Metrics } from '../metrics/metrics';
import { DOCS_CSP, docsPage } from './docs-page';
import { describeApi, type OpenApi } from './openapi';
import { problemOf, sendProblem } from './problem';

export interface ServicePagesOptions {
  readonly metrics: Metrics;
  readonly version: string;
  /** The service's own address as others reach it. */
  publicUrl(): string;
  readonly readiness: Pick<Readiness, 'require' | 'state'>;
}

const page = (reply: FastifyReply, html: string): FastifyReply =>
  reply
    .headers({ 'content-security-policy': DOCS_CSP, 'referrer-policy': 'no-referrer' })
    .type('text/html; charset=utf-8')
    .send(html);

/** What the service says about itself: its state, its figures and its API. None of it is about an account. */
export const registerServicePages = (app: FastifyInstance, options: ServicePagesOptions): void => {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    try {
      await options.readiness.require();
      const { state, why } = options.readiness.state();
      return { status: state, ...(why !== null && { why }) };
    } catch (error) {
      const reason = error instanceof DatabaseUnavailableError ? error.reason : 'it does not answer';
      return sendProblem(reply, problemOf('unavailable', `The database is not available: ${reason}.`));
    }
  });
  app.get('/metrics', async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(options.metrics.contentType)
      .send(await options.metrics.text()),
  );

  let api: OpenApi | undefined;
  const description = (): OpenApi => (api ??= describeApi(options.version, options.publicUrl()));
  app.get('/openapi.json', (_request, reply) => reply.type('application/json').send(description()));
  app.get('/docs', (_request, reply) => page(reply, docsPage(description())));
};
