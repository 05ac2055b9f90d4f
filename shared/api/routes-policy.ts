import { z } from 'zod';
import {
  evidenceSchema,
  idSchema,
  modeSchema,
  rangeSchema,
  reasonSchema,
  sourceSchema,
  timeSchema,
  verdictSchema,
} from '../domain/entities';
import { told } from '../domain/told';
import { newRangeSchema } from './bodies';
import { changedPairSchema } from './impact';
import type { RouteContract } from './route-contract';

export const MAX_IMPORT_BYTES = 8 * 1024 * 1024;
export const MAX_IMPORT_LINES = 100_000;
/** A dash may mean many ranges, so the number of lines is no bound. */
export const MAX_IMPORT_RANGES = 100_000;
/** The lines of one page, and the networks after which it ends early, because a dash may mean some hundred. */
export const MAX_IMPORT_PAGE_LINES = 1_000;
export const MAX_IMPORT_PAGE_NETWORKS = 10_000;

/** The most (address, key) pairs that one simulation gives to the trust review. */
export const MAX_SIMULATED_REVIEWS = 5_000;
export const MAX_SIMULATED_CHANGES = 1_000;

export const importNoteSchema = z.object({
  /**
   * `host_bits_cleared` and `mapped_to_ipv4`: the text means something else than it shows. `range_in_label`: a range in the
   * label has no effect. `void_by_denial`: a denial of the same network is stronger. `opens_denial`: a wider denial no
   * longer holds for the line's networks.
   */
  code: z.string(),
  message: z.string(),
  /** The denial, if the note is about one. */
  rangeId: idSchema.optional(),
});
export type ImportNote = z.infer<typeof importNoteSchema>;

export const importStatusSchema = z.enum(['added', 'duplicate', 'covered', 'invalid']);

export type ImportStatus = z.infer<typeof importStatusSchema>;

export const importResultSchema = z.object({
  /** From 1, as an editor counts. */
  line: z.int().positive(),
  text: z.string(),
  /**
   * With `dryRun` `added` means that it would be. `duplicate`: the same range is authorized already. `covered`: a wider one
   * authorizes all of it already, for at least as long and without a denial between. Of several ranges of one line `added`
   * counts first, then `covered`.
   */
  status: told(importStatusSchema),
  /** The networks of the text; several for a dash. */
  cidrs: z.array(z.string()),
  label: z.string(),
  expiresAt: timeSchema.nullable(),
  /** The ranges that were added, or the existing ones that equal or cover it; empty with `dryRun`. */
  rangeIds: z.array(idSchema),
  /** Notes about a line that was understood. */
  notes: z.array(importNoteSchema),
  /** `invalid_cidr`, `too_wide`, `several_ranges`, `invalid_label`, `invalid_expiry`, `invalid_line` or `limit_reached`. */
  code: z.string().optional(),
  /** The reason why the line is invalid, or the range that covers it. */
  detail: z.string().optional(),
});
export type ImportResult = z.infer<typeof importResultSchema>;

export const importFilterSchema = z.enum([...importStatusSchema.options, 'noted']);
export type ImportFilter = z.infer<typeof importFilterSchema>;

const calls = z.object({ allowed: z.int().nonnegative(), blocked: z.int().nonnegative() });

/** The routes that read the policy, import into it and simulate another one. */
export const policyRoutes = {
  importRanges: {
    method: 'POST',
    path: '/v1/ranges/import',
    summary: 'Add many ranges: CSV or a line each; a bad line never stops the good ones',
    access: 'authorized_ips',
    body: z
      .strictObject({
        /**
         * Lines of `cidr[,label[,expiresAt]]`, for all keys. A `#` before the first comma starts a comment; a header line
         * is skipped; a label with commas is quoted. Lines are applied one by one, not all or nothing.
         */
        text: z.string(),
        /** A preview: returns the outcome, a page at a time, and changes nothing. */
        dryRun: z.boolean().default(false),
        /** Filters the results by outcome; `noted` are those with notes. */
        outcome: importFilterSchema.optional(),
        limit: z.int().min(1).max(MAX_IMPORT_PAGE_LINES).default(MAX_IMPORT_PAGE_LINES),
        /** The next page of a preview of the same text. */
        cursor: z
          .string()
          .regex(/^[1-9]\d{0,6}$/, 'not a cursor of this service; leave it out to start afresh')
          .optional(),
      })
      .refine(({ dryRun, cursor }) => dryRun || cursor === undefined, {
        path: ['cursor'],
        message: 'only a preview (dryRun) has pages',
      }),
    bodyLimitBytes: MAX_IMPORT_BYTES,
    status: 200,
    response: z.object({
      added: z.int().nonnegative(),
      duplicate: z.int().nonnegative(),
      covered: z.int().nonnegative(),
      invalid: z.int().nonnegative(),
      /** Lines with notes, whatever their outcome. */
      noted: z.int().nonnegative(),
      /**
       * In the order of the text. An applied import with more lines than `limit` returns those that were not simply added,
       * errors and notes before existing ranges: the others are in the list now.
       */
      results: z.array(importResultSchema),
      /** The number of lines that are not in `results`. */
      omitted: z.int().nonnegative(),
      /** The next page of a preview; null on the last one. */
      nextCursor: z.string().nullable(),
    }),
  },
  explain: {
    method: 'GET',
    path: '/v1/explain',
    summary: 'What the verdict would be now, and why; changes nothing',
    access: 'read',
    query: z.strictObject({
      ip: z.string().max(200),
      keyId: idSchema,
      /** The caller's user agent, for the trust review. */
      userAgent: z.string().max(500).optional(),
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
