import type { FastifyInstance } from 'fastify';
import { idSchema } from '#shared/domain/entities';
import { html } from '../../mail/html';
import type { Metrics } from '../../metrics/metrics';
import type { Readiness } from '../../readiness';
import { DatabaseUnavailableError } from '../../storage/unavailable';
import { REVIEWS_PATH } from '../check/check-response';
import { describeApi, type OpenApi } from '../openapi';
import { sendProblem } from '../problem';
import { docsPage } from './docs-page';
import { sendPage, type Page } from './page';

interface ServicePagesOptions {
  readonly metrics: Metrics;
  readonly version: string;
  /** Returns for how long the policy in memory has not been confirmed against the database. */
  readonly policyAgeSeconds: () => number;
  /** The service's own address as others reach it. */
  publicUrl(): string;
  readonly readiness: Pick<Readiness, 'require' | 'state' | 'isStopping'>;
}

/**
 * The page behind the link in a blocked call's message (docs/behaviour.md 3.6). The caller may be anybody, so that it says
 * nothing about the account and only hands the review on to a console on the same computer.
 */
function reviewPage(id?: string): Page {
  const reviewId = idSchema.safeParse(id).data;
  return {
    status: 200,
    title: 'A call from an unrecognised IP address',
    content: html`<p>
        An administrator of the account decides in the Gatehouse console whether this address may use the API
        key. Nothing is decided by opening this page.
      </p>
      ${
        reviewId !== undefined &&
        html`<p><a href="gatehouse://review/${reviewId}">Open it in Gatehouse</a></p>
          <p>
            If nothing opens: the console is not on this computer, or not known to its desktop yet. In the
            console, Settings, “This computer”, “In the menu of this desktop” makes it known. The review is
            under Pending in any case.
          </p>`
      }`,
  };
}

/** Registers what anybody may read without a token (docs/behaviour.md 3.7), and the review page. */
export function registerServicePages(app: FastifyInstance, options: ServicePagesOptions): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    if (options.readiness.isStopping) return sendProblem(reply, 'unavailable', 'The service is stopping.');
    try {
      await options.readiness.require();
      const { state, why } = options.readiness.state();
      return { status: state, ...(why !== null && { why }), policyAgeSeconds: options.policyAgeSeconds() };
    } catch (error) {
      const { said } =
        error instanceof DatabaseUnavailableError ? error : new DatabaseUnavailableError(error);
      return sendProblem(reply, 'unavailable', said.english);
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
  app.get('/docs', (_request, reply) => sendPage(reply, docsPage(description())));

  // Links in e-mails use /reviews.
  for (const path of [REVIEWS_PATH, '/reviews']) {
    app.get(path, (_request, reply) => sendPage(reply, reviewPage()));
    app.get<{ Params: { id: string } }>(`${path}/:id`, (request, reply) =>
      sendPage(reply, reviewPage(request.params.id)),
    );
  }
}
