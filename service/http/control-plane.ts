import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { within } from '#shared/async/within';
import { SECOND_MS } from '#shared/durations';
import { routes } from '#shared/api/contract';
import type { Access, RouteContract } from '#shared/api/route-contract';
import { reasonOf } from '#shared/domain/field-reason';
import { reasonInWords, sentence } from '#shared/domain/sentence';
import type { RouteName } from '#shared/api/route-types';
import type { Principal } from '../policy/context';
import { fieldRefusal } from '../policy/field-refusal';
import { Refusal } from '../policy/refusal';
import { authenticate, authenticateAgain } from './authentication';
import type { CallerReader } from './check/client-address';
import { handlers } from './handlers';
import { JsonText, type CallContext, type ControlPlaneContext, type StreamedText } from './route-handlers';
import { DatabaseUnavailableError } from '../storage/unavailable';
import type { TokenGuard } from './token-guard';

/** The longest time for which a call waits until its token is looked up. */
const PATIENCE_MS = 2 * SECOND_MS;

function requireAccess(principal: Principal, access: Access): void {
  if (access === 'read' || principal.role === 'owner') return;
  if (access === 'owner') {
    throw new Refusal('forbidden', 'Only an owner of the account may do this.', { required: access });
  }
  if (principal.permissions.includes(access)) return;
  throw new Refusal('forbidden', `This needs the permission ${access}.`, { required: access });
}

/** Reads one part of the request with its schema. @throws Refusal `invalid_request`, which names every refused field. */
function readPart(part: 'params' | 'query' | 'body', schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) {
    if (part === 'body' && value !== undefined && value !== null) {
      throw new Refusal('invalid_request', 'This call takes no body.', { field: 'body' });
    }
    return undefined;
  }
  const parsed = schema.safeParse(part === 'body' ? (value ?? {}) : value);
  if (parsed.success) return parsed.data;
  const refused = parsed.error.issues.map((issue) => ({
    field: fieldOf(part, issue),
    reason: reasonOf(issue),
  }));
  const errors = refused.map(({ field, reason }) => ({
    field,
    message: reasonInWords(reason),
    messageWords: [sentence('fieldRefused', { field, ...reason }).words],
  }));
  const [first] = refused;
  if (first === undefined) throw new Refusal('invalid_request', 'The request is not valid.');
  throw fieldRefusal(first.field, first.reason, { errors });
}

function fieldOf(part: string, issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys' && issue.keys[0] !== undefined) path.push(issue.keys[0]);
  return path.length === 0 ? part : path.join('.');
}

/** Returns the version in `If-Match: "<version>"`; undefined if it is absent or `*`. @throws Refusal for any other text. */
function readIfMatch(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === '*') return undefined;
  const version = /^"?(\d{1,9})"?$/.exec(value.trim())?.[1];
  if (version === undefined) {
    throw new Refusal('invalid_request', 'If-Match must be a version in quotes, like "3".', {
      field: 'if-match',
    });
  }
  return Number(version);
}

/** Returns a signal that aborts when the connection closes before the answer is complete. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Throws once the reader may not read any more. The download breaks off, so that nobody takes its part for the whole. */
async function* whilePermitted(
  pieces: AsyncIterable<string>,
  principalNow: CallContext['principalNow'],
): AsyncGenerator<string> {
  for await (const piece of pieces) {
    await principalNow();
    yield piece;
  }
}

/** Sends the pieces at the reader's pace. No further piece is made after the reader has left. */
function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  text: StreamedText,
  principalNow: CallContext['principalNow'],
): FastifyReply {
  reply.header('content-disposition', `attachment; filename="${text.fileName}"`).type(text.contentType);
  return request.method === 'HEAD'
    ? reply.send()
    : reply.send(Readable.from(whilePermitted(text.pieces, principalNow)));
}

/** Registers every route of the contract. Each request is authenticated, authorized and validated before its handler runs. */
export function registerControlPlane(
  app: FastifyInstance,
  context: ControlPlaneContext,
  guard: TokenGuard,
  callerOf: CallerReader,
): void {
  const principals = new WeakMap<FastifyRequest, Principal>();
  const register = (name: RouteName): void => {
    const contract: RouteContract = routes[name];
    // The table pairs each name with a handler of its own request type, which TypeScript cannot follow within a loop.
    const handle = handlers[name] as unknown as (call: CallContext, request: unknown) => Promise<unknown>;
    app.route({
      method: contract.method,
      url: contract.path,
      ...(contract.bodyLimitBytes !== undefined && { bodyLimit: contract.bodyLimitBytes }),
      // Authentication comes before the body, so that a stranger's megabytes are not even parsed.
      onRequest: async (request: FastifyRequest) => {
        const authenticated = authenticate(context, guard, request.raw, callerOf);
        const principal = await within(
          PATIENCE_MS,
          authenticated,
          () => new DatabaseUnavailableError(undefined),
        );
        requireAccess(principal, contract.access);
        principals.set(request, principal);
      },
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const principal = principals.get(request);
        if (principal === undefined) throw new Error(`${name} was reached without authentication`);
        const input = {
          params: readPart('params', contract.params, request.params),
          query: readPart('query', contract.query, request.query),
          body: readPart('body', contract.body, request.body),
        };
        const ifMatch = contract.ifMatch ? readIfMatch(request.headers['if-match']) : undefined;
        const principalNow = async (): Promise<Principal> => {
          const now = await authenticateAgain(context, request.raw);
          requireAccess(now, contract.access);
          return now;
        };
        const call: CallContext = { ...context, principal, principalNow, ifMatch, signal: goneSignal(reply) };
        const result = await handle(call, input);
        reply.header('cache-control', 'no-store').code(contract.status);
        if (contract.streams !== undefined)
          return sendStream(request, reply, result as StreamedText, principalNow);
        if (result instanceof JsonText)
          return reply.type('application/json; charset=utf-8').send(result.text);
        return contract.status === 204 ? reply.send() : reply.send(result);
      },
    });
  };
  for (const name of Object.keys(routes) as RouteName[]) register(name);
}
