import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceContext } from '../../policy/context';
import { hashSecret } from '../../policy/secrets';
import { decideByLink, isConfirmation, readLink } from '../../mail/links';
import type { ServiceLog } from '../../service-log';
import type { MailAction } from '../../storage/schema';
import { callerTextOf } from '../authentication';
import type { CallerReader } from '../check/client-address';
import { TokenGuard } from '../token-guard';
import {
  choicesPage,
  closedPage,
  CONFIRM_FIELD,
  confirmPage,
  METHOD_PAGE,
  NO_PAGE,
  outcomePage,
  TROUBLE_PAGE,
  waitPage,
} from './mail-views';
import { sendPage, type Page } from './page';

const FORM_LIMIT_BYTES = 4 * 1024;
/** Fastify answers 404 for any other action. */
const ACTION_PATH = '/mail/:token/:action(^authorize$|^accept$|^deny$|^deactivate$)';

interface MailPagesOptions {
  readonly context: ServiceContext;
  readonly log: ServiceLog;
  readonly callerOf: CallerReader;
}

interface Found {
  readonly page: Page;
  /** False for a guess. */
  readonly isKnown: boolean;
}

function registerRoutes(scope: FastifyInstance, { context, log, callerOf }: MailPagesOptions): void {
  const guard = new TokenGuard(context.clock);

  /** Answers with the page that `find` returns, or with 429 if the caller has guessed too often. */
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
    find: () => Promise<Found>,
  ): Promise<FastifyReply> => {
    const guessed = await guard.guess({
      caller: callerTextOf(request.raw, callerOf),
      tokenHash: hashSecret(token),
      find,
      isRight: ({ isKnown }) => isKnown,
    });
    if (guessed.kind === 'checked') return sendPage(reply, guessed.found.page);
    return sendPage(reply.header('retry-after', String(guessed.seconds)), waitPage(guessed.seconds));
  };

  const show = async (token: string, action?: MailAction, isPost = false): Promise<Found> => {
    const state = await readLink(context.storage.read, context.clock.now(), token);
    if (state.kind !== 'open') return { page: closedPage(state, isPost), isKnown: state.kind !== 'unknown' };
    return {
      page: action === undefined ? choicesPage(token, state) : confirmPage(token, action, state),
      isKnown: true,
    };
  };

  const press = async (token: string, action: MailAction, body: unknown): Promise<Found> => {
    const given = body instanceof URLSearchParams ? (body.get(CONFIRM_FIELD) ?? '') : '';
    if (!isConfirmation(token, action, given)) {
      const { page, isKnown } = await show(token, action, true);
      return { page: page.status === 200 ? { ...page, status: 400 } : page, isKnown };
    }
    const outcome = await decideByLink(context, token, action);
    const isKnown = !(outcome.kind === 'too_late' && outcome.state.kind === 'unknown');
    return { page: outcomePage(outcome), isKnown };
  };

  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(body as string)),
  );
  // The page's button never sends another type, so that such a body is not read.
  scope.addContentTypeParser('*', { bodyLimit: FORM_LIMIT_BYTES }, (_request, payload, done) => {
    payload.resume();
    done(null, undefined);
  });

  scope.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
    if (typeof status === 'number' && status < 500) return sendPage(reply, { ...METHOD_PAGE, status });
    log.write('error', 'request.failed', { error });
    return sendPage(reply, TROUBLE_PAGE);
  });

  scope.get<{ Params: { token: string } }>('/mail/:token', (request, reply) => {
    const { token } = request.params;
    return answer(request, reply, token, () => show(token));
  });
  scope.get<{ Params: { token: string; action: MailAction } }>(ACTION_PATH, (request, reply) => {
    const { token, action } = request.params;
    return answer(request, reply, token, () => show(token, action));
  });
  scope.post<{ Params: { token: string; action: MailAction } }>(ACTION_PATH, (request, reply) => {
    const { token, action } = request.params;
    return answer(request, reply, token, () => press(token, action, request.body));
  });
  scope.route({
    method: ['OPTIONS', 'PUT', 'PATCH', 'DELETE'],
    url: '/mail/*',
    handler: (_request, reply) => sendPage(reply.header('allow', 'GET, HEAD, POST'), METHOD_PAGE),
  });
  scope.route({
    method: ['GET', 'POST'],
    url: '/mail/*',
    handler: (_request, reply) => sendPage(reply, NO_PAGE),
  });
}

/**
 * Registers the pages behind the links of the e-mails (docs/behaviour.md 5.3). The token in the address is the right to decide.
 * Opening a page changes nothing, because mail scanners open links; its button sends a hidden value that scanners do not know.
 */
export async function registerMailPages(app: FastifyInstance, options: MailPagesOptions): Promise<void> {
  // The scope keeps these body parsers and this error handler away from the API.
  await app.register((scope, _options, done) => {
    registerRoutes(scope, options);
    done();
  });
}
