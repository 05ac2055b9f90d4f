import { z } from 'zod';
import { rangeSchema, reviewSchema, serviceStateSchema } from '../domain/entities';
import { sentencesSchema } from '../domain/sentence';
import { sourceSchema } from '../domain/source';
import { impactSchema } from './impact';

/** Every stable `code` of the control plane's errors. Integrations branch on these; the sentences may change. */
export const problemCodeSchema = z.enum([
  'invalid_request',
  'invalid_cidr',
  'too_wide',
  'duplicate',
  'stale',
  'already_decided',
  'kept_by_source',
  'would_block',
  'email_taken',
  'last_owner',
  'limit_reached',
  'not_found',
  'method_not_allowed',
  'unauthorized',
  'token_expired',
  'forbidden',
  'too_many_attempts',
  'payload_too_large',
  'headers_too_large',
  'unsupported_media_type',
  'unavailable',
  'internal',
]);
export type ProblemCode = z.infer<typeof problemCodeSchema>;

/** RFC 9457 `application/problem+json`, with the members that some codes add. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    detailWords: sentencesSchema,
    // A newer service may send codes that this client does not know.
    code: z.string(),
    /** The refused field, e.g. `cidr`, `limit` or `authorization`. */
    field: z.string().optional(),
    errors: z
      .array(z.object({ field: z.string(), message: z.string(), messageWords: sentencesSchema }))
      .optional(),
    /** With `duplicate`: the existing range. */
    existing: rangeSchema.optional(),
    /** With `stale` and `already_decided`: the current entity. */
    current: z.union([rangeSchema, reviewSchema]).optional(),
    /** With `stale` for a source: its current state. */
    currentSource: sourceSchema.optional(),
    /** With `would_block`: how many and which addresses. */
    ...impactSchema.partial().shape,
    /** With `forbidden`: the missing permission. */
    required: z.string().optional(),
    /** With `unavailable`: the decision on calls to the protected API. */
    service: serviceStateSchema.optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';
