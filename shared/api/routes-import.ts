import { z } from 'zod';
import { effectSchema, idSchema, timeSchema } from '../domain/entities';
import { columnRoleSchema, rangeFormatSchema } from '../domain/range-format';
import { told } from '../domain/told';
import { confirmImpact, rangeNoteSchema } from './bodies';
import { labelSchema, nameSchema, type RouteContract } from './route-contract';

export const MAX_IMPORT_BYTES = 16 * 1024 * 1024;
export const MAX_IMPORT_LINES = 200_000;
/** A dash may mean many ranges, so the number of lines is no bound. */
export const MAX_IMPORT_RANGES = 200_000;
/** The lines of one page, and the networks after which it ends early, because a dash may mean some hundred. */
export const MAX_IMPORT_PAGE_LINES = 1_000;
export const MAX_IMPORT_PAGE_NETWORKS = 10_000;
/** Zod's own check of base64 decodes all of it, which holds up calls. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
export const MAX_IMPORT_COLUMNS = 100;
/** The number of ranges that go with `replace` and are named. */
export const MAX_NAMED_REMOVALS = 1_000;

export const importStatusSchema = z.enum(['added', 'duplicate', 'covered', 'invalid']);

export type ImportStatus = z.infer<typeof importStatusSchema>;

export const importResultSchema = z.object({
  /** From 1, as an editor counts; for a structure without lines the number of the range in it. */
  line: z.int().positive(),
  text: z.string(),
  /**
   * With `dryRun` `added` means that it would be. `duplicate`: the same range is in the list already. `covered`: a wider one
   * says the same of all of it already, for at least as long and without another between. Of several ranges of one line
   * `added` counts first, then `covered`.
   */
  status: told(importStatusSchema),
  /** The networks of the text; several for a dash. */
  cidrs: z.array(z.string()),
  effect: told(effectSchema),
  label: z.string(),
  /** The one key for which the line holds; null for all keys. */
  keyId: idSchema.nullable(),
  expiresAt: timeSchema.nullable(),
  /** The ranges that were added, or the existing ones that equal or cover it; empty with `dryRun`. */
  rangeIds: z.array(idSchema),
  /** Notes about a line that was understood. */
  notes: z.array(rangeNoteSchema),
  /**
   * `invalid_cidr`, `too_wide`, `several_ranges`, `invalid_label`, `invalid_expiry`, `invalid_effect`, `invalid_key`,
   * `invalid_line` or `limit_reached`.
   */
  code: z.string().optional(),
  /** The reason why the line is invalid, or the range that covers it. */
  detail: z.string().optional(),
});
export type ImportResult = z.infer<typeof importResultSchema>;

export const importFilterSchema = z.enum([...importStatusSchema.options, 'noted']);
export type ImportFilter = z.infer<typeof importFilterSchema>;

/** The format and columns that an import was recognized by. */
export const recognizedSchema = z.object({
  format: told(rangeFormatSchema),
  /** The unit of line numbers: lines of the text, or ranges of a structure that has no lines. */
  unit: told(z.enum(['line', 'entry'])),
  columns: z.array(
    z.object({
      /** From 1; null for a field that has a name and no position. */
      number: z.int().positive().nullable(),
      /** Null if the text names no columns. */
      name: z.string().nullable(),
      role: told(columnRoleSchema),
    }),
  ),
});
export type Recognized = z.infer<typeof recognizedSchema>;

/** Options that hold for every line, whatever it says itself. Where one is left out, the line decides. */
const optionsOfLines = {
  /** Lines that say nothing authorize. */
  effect: effectSchema.optional(),
  /** Null for all keys. */
  keyId: idSchema.nullable().optional(),
  label: labelSchema.optional(),
  expiresAt: timeSchema.nullable().optional(),
  allowWide: z.boolean().default(false),
};

export const exportFormatSchema = z.enum(['csv', 'json', 'nginx', 'haproxy', 'ipset']);
export type ExportFormat = z.infer<typeof exportFormatSchema>;

/** The routes that bring many ranges in and out. */
export const importRoutes = {
  importRanges: {
    method: 'POST',
    path: '/v1/ranges/import',
    summary: 'Add many ranges from a list in any usual format; a bad line never stops the good ones',
    access: 'authorized_ips',
    body: z
      .strictObject({
        /** The list (docs/behaviour.md 4.6). Lines are applied one by one, not all or nothing. */
        text: z.string().optional(),
        /** The bytes of a file instead, which may be packed by gzip and in other encodings than UTF-8. */
        data: z.string().regex(BASE64, 'not base64').meta({ contentEncoding: 'base64' }).optional(),
        ...optionsOfLines,
        /** The name of the list, by which a later import of it finds what this one adds. */
        name: nameSchema.optional(),
        /** Removes what imports of this name added and this one lacks. */
        replace: z.boolean().default(false),
        /** A preview: returns the outcome, a page at a time, and changes nothing. */
        dryRun: z.boolean().default(false),
        /** A preview is not asked about. */
        confirmImpact,
        /** Filters the results by outcome; `noted` are those with notes. */
        outcome: importFilterSchema.optional(),
        limit: z.int().min(1).max(MAX_IMPORT_PAGE_LINES).default(MAX_IMPORT_PAGE_LINES),
        /** The next page of a preview of the same text. */
        cursor: z
          .string()
          .regex(/^[1-9]\d{0,6}$/, 'not a cursor of this service; leave it out to start afresh')
          .optional(),
      })
      .refine(({ text, data }) => (text === undefined) !== (data === undefined), {
        path: ['text'],
        message: 'must be there unless data is, and not beside it',
      })
      .refine(({ name, replace }) => name !== undefined || !replace, {
        path: ['name'],
        message: 'must be there with replace',
      })
      .refine(({ dryRun, cursor }) => dryRun || cursor === undefined, {
        path: ['cursor'],
        message: 'only a preview (dryRun) has pages',
      }),
    bodyLimitBytes: MAX_IMPORT_BYTES,
    status: 200,
    response: z.object({
      recognized: recognizedSchema,
      added: z.int().nonnegative(),
      duplicate: z.int().nonnegative(),
      covered: z.int().nonnegative(),
      invalid: z.int().nonnegative(),
      /** Lines with notes, whatever their outcome. */
      noted: z.int().nonnegative(),
      /** The number of ranges that go with `replace`. */
      removed: z.int().nonnegative(),
      /** The first of them. */
      removals: z.array(z.object({ rangeId: idSchema, cidr: z.string(), label: z.string() })),
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
  exportRanges: {
    method: 'GET',
    path: '/v1/ranges/export',
    summary: 'The list as a file that an import reads again',
    access: 'read',
    query: z.strictObject({ format: exportFormatSchema.default('csv'), effect: effectSchema.optional() }),
    status: 200,
    response: z.string(),
    streams: ['text/csv', 'application/json', 'text/plain'],
  },
} as const satisfies Record<string, RouteContract>;
