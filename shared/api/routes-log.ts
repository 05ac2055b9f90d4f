import { z } from 'zod';
import { attemptSchema, idSchema, reasonSchema, timeSchema, verdictSchema } from '../domain/entities';
import type { ReasonName } from '../domain/sentence';
import { pageOf, pageQuery, type RouteContract } from './route-contract';

/** The filters of the log's list, summary and export; they combine with "and". */
export const attemptFilterQuery = {
  /** An address or a range, in any spelling of a range text. */
  ip: z.string().max(200).optional(),
  keyId: idSchema.optional(),
  verdict: verdictSchema.optional(),
  reason: reasonSchema.optional(),
  /** ISO 3166 alpha-2. */
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/, 'noCountry' satisfies ReasonName)
    .transform((code) => code.toUpperCase())
    .optional(),
  /** Searched without regard to case in path, user agent, key name and address. */
  q: z.string().max(200).optional(),
  /** Matches attempts whose last call was at or after it. */
  from: timeSchema.optional(),
  /** Matches attempts whose first call was before it. */
  to: timeSchema.optional(),
};

const calls = { allowed: z.int().nonnegative(), blocked: z.int().nonnegative() };

export const attemptSummarySchema = z.object({
  /** The period of the summary. */
  from: timeSchema,
  to: timeSchema,
  /** Calls, not rows: repeats count. */
  total: z.object(calls),
  bucketSeconds: z.int().positive(),
  /** Ascending, without gaps; an attempt counts at its first call. */
  timeline: z.array(z.object({ at: timeSchema, ...calls })),
  /** Each list has the most calls first. */
  addresses: z.array(
    z.object({
      ip: attemptSchema.shape.ip,
      country: z.string().nullable(),
      asn: z.int().nullable(),
      asName: z.string().nullable(),
      lastAt: timeSchema,
      ...calls,
    }),
  ),
  keys: z.array(z.object({ keyId: idSchema, keyName: z.string(), ...calls })),
  countries: z.array(z.object({ country: z.string().nullable(), ...calls })),
  networks: z.array(z.object({ asn: z.int().nullable(), asName: z.string().nullable(), ...calls })),
});
export type AttemptSummary = z.infer<typeof attemptSummarySchema>;

export const logRoutes = {
  listAttempts: {
    method: 'GET',
    path: '/v1/attempts',
    summary: 'The log of attempts',
    access: 'read',
    query: z.strictObject({
      limit: pageQuery.limit,
      /** The id of the last attempt of the page before. The page starts after it even if the attempt does not exist. */
      cursor: idSchema.optional(),
      ...attemptFilterQuery,
      order: z.enum(['newest', 'oldest']).default('newest'),
    }),
    status: 200,
    response: pageOf(attemptSchema),
  },
  summarizeAttempts: {
    method: 'GET',
    path: '/v1/attempts/summary',
    summary: 'A timeline of the log, and its top addresses, keys, countries and networks',
    access: 'read',
    query: z.strictObject({
      ...attemptFilterQuery,
      /** The length of each top list. */
      top: z.coerce.number().int().min(1).max(100).default(10),
    }),
    status: 200,
    response: attemptSummarySchema,
  },
  exportAttempts: {
    method: 'GET',
    path: '/v1/attempts/export',
    summary: 'The filtered log as a download, oldest first',
    access: 'read',
    query: z.strictObject({ ...attemptFilterQuery, format: z.enum(['csv', 'ndjson']).default('csv') }),
    status: 200,
    response: z.string(),
    streams: ['text/csv', 'application/x-ndjson'],
  },
} as const satisfies Record<string, RouteContract>;
