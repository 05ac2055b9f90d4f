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
import { told } from '../domain/told';
import { addRangeBody } from './bodies';
import type { RouteContract } from './route-contract';

export const MAX_IMPORT_BYTES = 8 * 1024 * 1024;
export const MAX_IMPORT_LINES = 100_000;
/** A dash may mean many ranges, so the lines alone are no bound. */
export const MAX_IMPORT_RANGES = 100_000;
/** Lines of one answer, and the networks after which it ends all the same: a dash may mean some hundred. */
export const MAX_IMPORT_PAGE_LINES = 1_000;
export const MAX_IMPORT_PAGE_NETWORKS = 10_000;

/** (address, key) pairs that the trust review is asked about in one simulation. */
export const MAX_SIMULATED_REVIEWS = 5_000;
export const MAX_SIMULATED_CHANGES = 1_000;

export const importNoteSchema = z.object({
  /**
   * `host_bits_cleared` and `mapped_to_ipv4`: what the text means is not what it shows. `range_in_label`: a range in the
   * label lets nobody in. `void_by_denial`: a denial of the same network is stronger. `opens_denial`: a wider denial holds
   * no more for what the line names.
   */
  code: z.string(),
  message: z.string(),
  /** The denial, where the note is about one. */
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
   * `added` holds with `dryRun` too: it would be. `duplicate`: the very range is authorized already. `covered`: a wider
   * one lets all of it in already, for at least as long and without a denial between. Of several ranges of one line,
   * one that is added counts most, one that is covered next.
   */
  status: told(importStatusSchema),
  /** What the text means; several for a dash. */
  cidrs: z.array(z.string()),
  label: z.string(),
  expiresAt: timeSchema.nullable(),
  /** The ranges that were added, or those that are there already or cover it; empty with `dryRun`. */
  rangeIds: z.array(idSchema),
  /** What a person should know of a line that was understood. */
  notes: z.array(importNoteSchema),
  /**
   * `invalid_cidr`, `too_wide`, `several_ranges`, `invalid_label`, `invalid_expiry`, `invalid_line` or `limit_reached`.
   */
  code: z.string().optional(),
  /** Why it is invalid, or what covers it. */
  detail: z.string().optional(),
});
export type ImportResult = z.infer<typeof importResultSchema>;

export const importFilterSchema = z.enum([...importStatusSchema.options, 'noted']);
export type ImportFilter = z.infer<typeof importFilterSchema>;

export const simulatedChangeSchema = z.object({
  ip: z.string(),
  keyId: idSchema,
  keyName: z.string(),
  /** Calls that the log holds for this pair in the time that was replayed. */
  count: z.int().positive(),
  lastAt: timeSchema,
  before: z.object({ verdict: told(verdictSchema), reason: told(reasonSchema) }),
  after: z.object({ verdict: told(verdictSchema), reason: told(reasonSchema) }),
});

const calls = z.object({ allowed: z.int().nonnegative(), blocked: z.int().nonnegative() });

/** Looking at the policy, and at what another one would do. */
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
         * is skipped; a label with commas is put in quotes. It is applied line by line, not all or nothing.
         */
        text: z.string(),
        /** A preview: says what would happen, a page at a time, and changes nothing. */
        dryRun: z.boolean().default(false),
        /** Only the lines with this outcome are answered; `noted` are those with notes. */
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
      /** Lines with notes, whatever became of them. */
      noted: z.int().nonnegative(),
      /**
       * In the order of the text. Of an import that was applied and has more lines than `limit`, those that were not simply
       * added, errors and notes before what was there already: the others are in the list now.
       */
      results: z.array(importResultSchema),
      /** Lines that the text has besides those in `results`. */
      omitted: z.int().nonnegative(),
      /** For the next page of a preview; null where there is none. */
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
      /** The range that decides, if one does. */
      range: rangeSchema.nullable(),
      /** The open question, or the denial that stands. */
      reviewId: idSchema.nullable(),
      /** The range that a call would add by itself. */
      grant: z.string().nullable(),
      /** What the trust review says of the address; null for one that a range decides about. */
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
      /** In addition to the list; `label` makes no difference. */
      addRanges: z.array(addRangeBody).max(1000).default([]),
      removeRangeIds: z.array(idSchema).max(1000).default([]),
      /** Attempts whose last call was at or after it; 30 days before `to` where it is absent. */
      from: timeSchema.optional(),
      /** Attempts whose first call was before it; now where it is absent. */
      to: timeSchema.optional(),
    }),
    status: 200,
    response: z.object({
      from: timeSchema,
      to: timeSchema,
      /** Calls of the log in that time, under the policy as it stands and under the changed one. */
      before: calls,
      after: calls,
      /** The same in (address, key) pairs, each counted once. */
      pairs: z.object({ before: calls, after: calls }),
      /** The (address, key) pairs whose verdict changes, the most calls first. */
      changes: z.array(simulatedChangeSchema),
      /** How many change in all; `changes` carries the first thousand. */
      changed: z.int().nonnegative(),
      /**
       * Pairs that the trust review was not asked about, because there are more than it is asked about in one
       * simulation; they count as not trusted. Those with the most calls are asked about first.
       */
      unjudged: z.int().nonnegative(),
    }),
  },
} as const satisfies Record<string, RouteContract>;
