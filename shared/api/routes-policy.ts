import { z } from 'zod';
import {
  evidenceSchema,
  idSchema,
  modeSchema,
  rangeSchema,
  reasonSchema,
  timeSchema,
  verdictSchema,
} from '../domain/entities';
import { sourceSchema } from '../domain/source';
import { told } from '../domain/told';
import { newRangeSchema } from './bodies';
import { changedPairSchema } from './impact';
import type { RouteContract } from './route-contract';

/** The most (address, key) pairs that one simulation gives to the trust review. */
export const MAX_SIMULATED_REVIEWS = 5_000;
export const MAX_SIMULATED_CHANGES = 1_000;

const calls = z.object({ allowed: z.int().nonnegative(), blocked: z.int().nonnegative() });

/** The routes that read the policy and simulate another one. */
export const policyRoutes = {
  explain: {
    method: 'GET',
    path: '/v1/explain',
    summary: 'What the verdict would be now, and why; changes nothing',
    access: 'read',
    query: z.strictObject({
      ip: z.string().max(200),
      keyId: idSchema,
      /** What the proxy would tell of the call, for the trust review. */
      method: z.string().max(100).optional(),
      path: z.string().max(2_000).optional(),
      userAgent: z.string().max(500).optional(),
      fingerprint: z.string().max(256).optional(),
    }),
    status: 200,
    response: z.object({
      ip: z.string(),
      keyId: idSchema,
      mode: told(modeSchema),
      verdict: told(verdictSchema),
      reason: told(reasonSchema),
      wouldBe: told(reasonSchema).nullable().default(null),
      /** The range that decides. */
      range: rangeSchema.nullable(),
      /** The source of the address's network or country that decides where no range does. */
      source: sourceSchema.nullable().default(null),
      /** The open review, or the denial in force. */
      reviewId: idSchema.nullable(),
      /** The range that a call would add automatically. */
      grant: z.string().nullable(),
      /** The result of the trust review; null if a range decides. */
      trust: z
        .object({
          trusted: z.boolean(),
          score: z.number(),
          evidence: z.array(evidenceSchema),
        })
        .nullable(),
      country: z.string().nullable(),
      region: z.string().nullable().default(null),
      asn: z.int().nullable(),
      asName: z.string().nullable(),
    }),
  },
  simulate: {
    method: 'POST',
    path: '/v1/simulate',
    summary: 'Replay the log against a changed policy, before it is enforced; changes nothing',
    access: 'read',
    body: z.strictObject({
      mode: modeSchema.optional(),
      /** The account's setting; keys that report keep reporting. */
      reportOnly: z.boolean().optional(),
      /** Added to the list; `label` makes no difference. */
      addRanges: z.array(newRangeSchema).max(1000).default([]),
      removeRangeIds: z.array(idSchema).max(1000).default([]),
      /** Matches attempts whose last call was at or after it; 30 days before `to` by default. */
      from: timeSchema.optional(),
      /** Matches attempts whose first call was before it; now by default. */
      to: timeSchema.optional(),
    }),
    status: 200,
    response: z.object({
      from: timeSchema,
      to: timeSchema,
      /** Logged calls of the period, under the current policy and under the changed one. */
      before: calls,
      after: calls,
      /** (address, key) pairs, each counted once. */
      pairs: z.object({ before: calls, after: calls }),
      /** The (address, key) pairs whose verdict changes, the most calls first. */
      changes: z.array(changedPairSchema),
      /** The number of all changes; `changes` contains the first thousand. */
      changed: z.int().nonnegative(),
      /**
       * Pairs beyond the limit of the trust review, which count as not trusted. Those with the most calls are reviewed
       * first.
       */
      unjudged: z.int().nonnegative(),
    }),
  },
} as const satisfies Record<string, RouteContract>;
