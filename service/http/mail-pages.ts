import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceContext } from '../account/context';
import { hashSecret } from '../account/secrets';
import { answerByLink, readLink } from '../mail/link-desk';
import { isConfirmation } from '../mail/links';
import type { ServiceLog } from '../service-log';
import type { MailAction } from '../storage/schema';
import { callerTextOf } from './authentication';
import type { CallerReader } from './client-address';
import { MAIL_PAGE_HEADERS, type MailPage } from './mail-page-frame';
import {
  buttonPage,
  choicesPage,
  closedPage,
  CONFIRM_FIELD,
  confirmPage,
  noMethodPage,
  noPage,
  outcomePage,
  troublePage,
  waitPage,
} from './mail-page-views';
import { TokenGuard } from './token-guard';

const FORM_LIMIT_BYTES = 4 * 1024;

export interface MailPagesOptions {
  readonly context: ServiceContext;
  readonly log: ServiceLog;
  readonly callerOf: CallerReader;
}

interface LinkParams {
  readonly token: string;
  readonly action?: string;
}

const ACTIONS: Readonly<Record<string, MailAction>> = {
  authorize: 'authorize',
  deny: 'deny',
  deactivate: 'deactivate',
};

const actionOf = (text: string | undefined): MailAction | undefined =>
  text !== undefined && Object.hasOwn(ACTIONS, text) ? ACTIONS[text] : undefined;

const send = (reply: FastifyReply, page: MailPage): FastifyReply =>
  reply.code(page.status).headers(MAIL_PAGE_HEADERS).type('text/html; charset=utf-8').send(page.html);

const registerRoutes = (scope: FastifyInstance, { context, log, callerOf }: MailPagesOptions): void => {
  const guard = new TokenGuard(context.clock);

  /** Runs `work` unless the caller has guessed too often, and counts what turns out to be a guess. */
  const guarded = async (
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
    work: () => Promise<{ readonly page: MailPage; readonly isKnown: boolean }>,
  ): Promise<FastifyReply> => {
    const guessed = await guard.guess({
      caller: callerTextOf(request.raw, callerOf),
      tokenHash: hashSecret(token),
      look: work,
      isRight: ({ isKnown }) => isKnown,
    });
    if (guessed.kind === 'looked') return send(reply, guessed.found.page);
    reply.header('retry-after', String(guessed.seconds));
    return send(reply, waitPage(guessed.seconds));
  };

  const look = async (token: string, action: MailAction | undefined, isPost: boolean) => {
    const state = await readLink(context.storage.read, context.clock.now(), token);
    if (state.kind !== 'open') {
      return { page: closedPage(state, isPost), isKnown: state.kind !== 'unknown' };
    }
    const page = action === undefined ? choicesPage(token, state) : confirmPage(token, action, state);
    return { page, isKnown: true };
  };

  const answer = async (token: string, action: MailAction) => {
    const outcome = await answerByLink(context, token, action);
    const isKnown = !(outcome.kind === 'too_late' && outcome.state.kind === 'unknown');
    return { page: outcomePage(outcome), isKnown };
  };

  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(body as string)),
  );
  // Whatever else is posted is no press of the button; it is answered as such, and not read.
  scope.addContentTypeParser('*', { bodyLimit: FORM_LIMIT_BYTES }, (_request, payload, done) => {
    payload.resume();
    done(null, undefined);
  });

  scope.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
    if (typeof status === 'number' && status < 500) return send(reply, { ...noMethodPage(), status });
    log.write('error', 'request.failed', { error });
    return send(reply, troublePage());
  });

  scope.get<{ Params: LinkParams }>('/mail/:token', (request, reply) => {
    const { token } = request.params;
    return guarded(request, reply, token, () => look(token, undefined, false));
  });

  scope.get<{ Params: LinkParams }>('/mail/:token/:action', (request, reply) => {
    const { token } = request.params;
    const action = actionOf(request.params.action);
    if (action === undefined) return send(reply, noPage());
    return guarded(request, reply, token, () => look(token, action, false));
  });

  scope.post<{ Params: LinkParams }>('/mail/:token/:action', (request, reply) => {
    const { token } = request.params;
    const action = actionOf(request.params.action);
    if (action === undefined) return send(reply, noPage());
    return guarded(request, reply, token, async () => {
      const given = request.body instanceof URLSearchParams ? request.body.get(CONFIRM_FIELD) : null;
      if (given !== null && isConfirmation(token, action, given)) return answer(token, action);
      const { page, isKnown } = await look(token, action, true);
      return { page: page.status === 200 ? buttonPage(page) : page, isKnown };
    });
  });

  scope.route({
    method: ['OPTIONS', 'PUT', 'PATCH', 'DELETE'],
    url: '/mail/*',
    handler: (_request, reply) => send(reply.header('allow', 'GET, HEAD, POST'), noMethodPage()),
  });
  scope.route({
    method: ['GET', 'POST'],
    url: '/mail/*',
    handler: (_request, reply) => send(reply, noPage()),
  });
};

/**
 * The pages behind the links of the e-mails. The token in the address is the right to answer; opening a page (GET,
 * HEAD) changes nothing, because programs that look for viruses open links too. The button of the page does (POST),
 * with a hidden value that an empty POST does not have.
 */
export const registerMailPages = async (app: FastifyInstance, options: MailPagesOptions): Promise<void> => {
  // A scope of its own: its bodies and its errors are not those of the API.
  await app.register((scope, _options, done) => {
    registerRoutes(scope, options);
    done();
  });
};
