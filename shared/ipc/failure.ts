import { z } from 'zod';
import { impactSchema } from '../api/impact';
import { rangeSchema, reviewSchema, serviceStateSchema } from '../domain/entities';

/** The reason why a call from a window did not succeed. Failures cross the process border as data, never as exceptions. */
export const failureSchema = z.discriminatedUnion('kind', [
  /** Something typed or chosen was refused; `field` names it. */
  z.object({ kind: z.literal('invalid'), code: z.string(), field: z.string(), message: z.string() }),
  /** The state has changed meanwhile: `duplicate`, `stale`, `already_decided`, `not_found`, `would_block`. */
  z.object({
    kind: z.literal('conflict'),
    code: z.string(),
    message: z.string(),
    current: z.union([rangeSchema, reviewSchema]).nullable(),
    /** With `would_block`. */
    impact: impactSchema.optional(),
  }),
  /** `service` is what the service says of itself if it answers but cannot reach its database. */
  z.object({
    kind: z.literal('unreachable'),
    message: z.string(),
    service: serviceStateSchema.optional(),
  }),
  /** `unauthorized` is a wrong token, `token_expired` one that was valid before. */
  z.object({ kind: z.literal('unauthorized'), code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('forbidden'), required: z.string(), message: z.string() }),
  z.object({ kind: z.literal('rate_limited'), retryAfterSeconds: z.number(), message: z.string() }),
  /** The service answered with an error of its own, or with something that does not fit its contract. */
  z.object({ kind: z.literal('service'), code: z.string(), message: z.string() }),
  /** This computer's disk could not store something; nothing was changed. */
  z.object({
    kind: z.literal('storage'),
    code: z.enum(['full', 'quota', 'read_only', 'denied', 'broken']),
    message: z.string(),
  }),
  /** A bug on this side; details are in the log. */
  z.object({ kind: z.literal('internal'), message: z.string() }),
]);
export type Failure = z.infer<typeof failureSchema>;

export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function succeeded<T>(value: T): Outcome<T> {
  return { ok: true, value };
}
export function failed(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return {
    ok: false,
    failure,
  };
}
