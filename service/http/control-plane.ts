import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { routes, type Access, type RouteContract } from '#shared/api/contract';
import type { RouteName } from '#shared/api/route-types';
import type { Cidr } from '#shared/ip/index';
import type { Principal, ServiceContext } from '../account/context';
import { Refusal } from '../account/refusal';
import { authenticate } from './authentication';
import { handlers } from './handlers';
import { readIfMatch } from './if-match';
import type { CallContext } from './route-handlers';
import type { TokenGuard } from './token-guard';

const requireAccess = (principal: Principal, access: Access): void => {
  if (access === 'read' || principal.role === 'owner' || principal.permissions.includes(access)) return;
  throw new Refusal('forbidden', `This needs the permission ${access}.`, { required: access });
};

/** Reads one part of the request with its schema. @throws Refusal `invalid_request` naming every refused field. */
const readPart = (
  part: 'params' | 'query' | 'body',
  schema: z.ZodType | undefined,
  value: unknown,
): unknown => {
  if (schema === undefined) {
    if (part === 'body' && value !== undefined && value !== null) {
      throw new Refusal('invalid_request', 'This call takes no body.', { field: 'body' });
    }
    return undefined;
  }
  const parsed = schema.safeParse(part === 'body' ? (value ?? {}) : value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    field: fieldOf(part, issue),
    message: issue.message,
  }));
  const [first] = errors;
  throw new Refusal(
    'invalid_request',
    first === undefined ? 'The request is not valid.' : `${first.field}: ${first.message}`,
    {
      ...(first !== undefined && { field: first.field }),
      errors,
    },
  );
};

const fieldOf = (part: string, issue: z.core.$ZodIssue): string => {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys' && issue.keys[0] !== undefined) path.push(issue.keys[0]);
  return path.length === 0 ? part : path.join('.');
};

/** Aborts when the connection closes before the answer is out. */
const goneSignal = (reply: FastifyReply): AbortSignal => {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
};

/** Registers every route of the contract: who asks, may they, is the request valid, then the handler. */
export const registerControlPlane = (
  app: FastifyInstance,
  context: ServiceContext,
  guard: TokenGuard,
  trustedProxies: readonly Cidr[],
): void => {
  const register = (name: RouteName): void => {
    const contract: RouteContract = routes[name];
    // The table pairs each name with a handler of its own request type; within the loop that pairing is lost.
    const handle = handlers[name] as unknown as (call: CallContext, request: unknown) => Promise<unknown>;
    app.route({
      method: contract.method,
      url: contract.path,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const principal = await authenticate(context, guard, request.raw, trustedProxies);
        requireAccess(principal, contract.access);
        const input = {
          params: readPart('params', contract.params, request.params),
          query: readPart('query', contract.query, request.query),
          body: readPart('body', contract.body, request.body),
        };
        const ifMatch = contract.ifMatch ? readIfMatch(request.headers['if-match']) : undefined;
        const result = await handle({ ...context, principal, ifMatch, signal: goneSignal(reply) }, input);
        reply.header('cache-control', 'no-store').code(contract.status);
        return contract.status === 204 ? reply.send() : reply.send(result);
      },
    });
  };
  for (const name of Object.keys(routes) as RouteName[]) register(name);
};
