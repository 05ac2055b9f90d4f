import type { FastifyReply } from 'fastify';
import { PROBLEM_CONTENT_TYPE, type Problem, type ProblemCode } from '#shared/api/problem';
import type { RefusalDetails } from '../policy/refusal';

const KINDS: Record<ProblemCode, { readonly status: number; readonly title: string }> = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  invalid_cidr: { status: 422, title: 'Not a range' },
  too_wide: { status: 422, title: 'The range is very wide' },
  duplicate: { status: 409, title: 'The range exists already' },
  stale: { status: 412, title: 'Changed by somebody else' },
  already_decided: { status: 409, title: 'Answered already' },
  kept_by_source: { status: 409, title: 'A source keeps this range' },
  would_block: { status: 409, title: 'The edit would block addresses that were let in' },
  email_taken: { status: 409, title: 'The e-mail address belongs to another user' },
  last_owner: { status: 409, title: 'The account needs an owner' },
  limit_reached: { status: 422, title: 'A limit of the service is reached' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  unauthorized: { status: 401, title: 'The access token is missing or wrong' },
  token_expired: { status: 401, title: 'The access token has expired' },
  forbidden: { status: 403, title: 'Not permitted' },
  too_many_attempts: { status: 429, title: 'Too many wrong access tokens' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  unavailable: { status: 503, title: 'The service cannot answer at the moment' },
  internal: { status: 500, title: 'Something went wrong in the service' },
};

export function problemOf(
  code: ProblemCode,
  detail: string,
  details: RefusalDetails & Pick<Problem, 'service'> = {},
): Problem {
  const { status, title } = KINDS[code];
  return { type: `urn:gatehouse:problem:${code}`, title, status, detail, code, ...details };
}

export function sendProblem(reply: FastifyReply, ...problem: Parameters<typeof problemOf>): FastifyReply {
  const body = problemOf(...problem);
  return reply.code(body.status).type(PROBLEM_CONTENT_TYPE).send(body);
}
