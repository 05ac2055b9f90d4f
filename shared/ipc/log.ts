import { z } from 'zod';
import { policyRoutes } from '../api/routes-policy';
import { EXPORT_FORMATS } from '../domain/export-format';
import { attemptSchema, idSchema, reasonSchema, timeSchema, verdictSchema } from '../domain/entities';
import { accountCall, call, type CallGroup, type EventGroup, nothing } from './call';

/** A filter of the log. Fields combine with "and"; an absent field does not filter. */
export const logFilterSchema = z.strictObject({
  verdict: verdictSchema.optional(),
  reason: reasonSchema.optional(),
  keyId: idSchema.optional(),
  /** ISO 3166 alpha-2, in capitals; empty for calls of which no country is known. */
  country: z
    .string()
    .regex(/^([A-Z]{2})?$/)
    .optional(),
  /** 0 for calls of which no network is known. */
  asn: z.int().nonnegative().optional(),
  /** Empty for calls of which no method is known. */
  method: z.string().max(100).optional(),
  /** An address or a range, in any form of a range text. */
  ip: z.string().max(200).optional(),
  /** Searched in path, user agent, key name and address. */
  text: z.string().max(200).optional(),
  /** Milliseconds since the epoch. A row is there if its first call is at or after `fromMs` and before `toMs`. */
  fromMs: z.int().nonnegative().optional(),
  toMs: z.int().nonnegative().optional(),
});
export type LogFilter = z.infer<typeof logFilterSchema>;

export const logPageSchema = z.object({ items: z.array(attemptSchema), nextCursor: z.string().nullable() });
export type LogPage = z.infer<typeof logPageSchema>;

/**
 * The figures of the log are those of the rows on this computer, and are exact. `completeFrom` is the time down to which it has
 * every row; null if it has all of the log.
 */
export const figures = { completeFrom: timeSchema.nullable() };

export const groupFieldSchema = z.enum(['address', 'keyId', 'country', 'asn']);
export type GroupField = z.infer<typeof groupFieldSchema>;

/** Rows with the same address, key, country or network, which the newest of them has. */
export const logGroupSchema = z.object({
  rows: z.int().positive(),
  calls: z.int().positive(),
  /** How many of the calls were blocked. */
  blocked: z.int().nonnegative(),
  /** The first call of the oldest row. */
  firstAt: timeSchema,
  newest: attemptSchema,
});
export type LogGroup = z.infer<typeof logGroupSchema>;

/** Groups with the most calls first, or those whose oldest row is the newest. */
export const groupOrderSchema = z.enum(['calls', 'first_seen']);
export type GroupOrder = z.infer<typeof groupOrderSchema>;

/** A value of a field, empty or 0 if it is not known, how many rows have it, and its name in the newest of them if it has one. */
const facetCountSchema = z.object({
  value: z.string(),
  rows: z.int().positive(),
  name: z.string().nullable(),
});
export type FacetCount = z.infer<typeof facetCountSchema>;

/** The most frequent values of each field. The filter of the field itself does not count. */
const facetsSchema = z.object({
  verdict: z.array(facetCountSchema),
  reason: z.array(facetCountSchema),
  keyId: z.array(facetCountSchema),
  country: z.array(facetCountSchema),
  asn: z.array(facetCountSchema),
  method: z.array(facetCountSchema),
});
export type LogFacets = z.infer<typeof facetsSchema>;
export type FacetField = keyof LogFacets;

const bucketCallsSchema = z.object({ allowed: z.int().nonnegative(), blocked: z.int().nonnegative() });
export type BucketCalls = z.infer<typeof bucketCallsSchema>;

export const logTimelineSchema = z.object({
  ...figures,
  /** The start of the first bucket. */
  from: timeSchema,
  bucketSeconds: z.int().positive(),
  /** Without gaps; a row counts at its first call. Empty if there is no row. */
  buckets: z.array(bucketCallsSchema),
});
export type LogTimeline = z.infer<typeof logTimelineSchema>;

export const logGroupsSchema = z.object({ ...figures, groups: z.array(logGroupSchema), isMore: z.boolean() });

/** The choices for how many rows of the log are kept on this computer. The service has the rest. */
export const LOG_LIMITS = [50_000, 200_000, 1_000_000] as const;

export const logLimitSchema = z.literal([...LOG_LIMITS]);
export type LogLimit = z.infer<typeof logLimitSchema>;

export const DEFAULT_LOG_LIMIT: LogLimit = 200_000;

/** The part of the log that is on this computer. */
export const localLogSchema = z.object({ limit: logLimitSchema, rows: z.int().nonnegative() });
export type LocalLog = z.infer<typeof localLogSchema>;

export const MOST_SAVED_VIEWS = 50;

/** A view of the log under a name: `place` is the part of the page's address that describes it. */
export const savedViewSchema = z.strictObject({
  name: z.string().trim().min(1).max(60),
  place: z.string().max(4_000),
});
export type SavedView = z.infer<typeof savedViewSchema>;

/** The progress of an export. */
export const exportProgressSchema = z.object({ rows: z.int().nonnegative(), of: z.int().nonnegative() });
export type ExportProgress = z.infer<typeof exportProgressSchema>;

/** A file with rows of the log. */
export const exportedSchema = z.object({ ...figures, path: z.string(), rows: z.int().nonnegative() });
export type Exported = z.infer<typeof exportedSchema>;

export const logCalls = {
  page: call(
    z.strictObject({
      filter: logFilterSchema,
      // Longer than a cursor of the service, because main wraps those to remember where the local rows ended.
      cursor: z.string().max(300).nullable(),
      limit: z.int().min(1).max(500),
    }),
    logPageSchema,
  ),
  count: call(
    z.strictObject({ filter: logFilterSchema }),
    z.object({ ...figures, rows: z.int().nonnegative() }),
  ),
  /** By default the groups with the most calls come first. */
  groups: call(
    z.strictObject({
      filter: logFilterSchema,
      by: groupFieldSchema,
      order: groupOrderSchema.optional(),
      offset: z.int().nonnegative(),
      limit: z.int().min(1).max(200),
    }),
    logGroupsSchema,
  ),
  /** The calls over time, by default over the time of the filter, or else all of the log on this computer. */
  timeline: call(
    z.strictObject({
      filter: logFilterSchema,
      from: timeSchema.optional(),
      to: timeSchema.optional(),
      mostBuckets: z.int().min(1).max(500),
    }),
    logTimelineSchema,
  ),
  facets: call(z.strictObject({ filter: logFilterSchema }), z.object({ ...figures, facets: facetsSchema })),
  /** The callers blocked lately from the addresses of a range, by address and key, those with the most calls first. */
  blockedLately: call(
    z.strictObject({ ip: z.string().max(200), keyId: idSchema.optional(), limit: z.int().min(1).max(500) }),
    z.object({
      ...figures,
      from: timeSchema,
      callers: z.array(z.object({ ip: z.string(), keyId: idSchema, calls: z.int().positive() })),
      isMore: z.boolean(),
    }),
  ),
  /** The verdict that a call would get now, with its reasons. This needs the service. */
  explain: call(
    z.strictObject({ ip: z.string().max(200), keyId: idSchema, userAgent: z.string().max(500).optional() }),
    policyRoutes.explain.response,
  ),
  /**
   * Writes the rows of this computer that match, newest first, to a file that a person chooses. Null if they choose none, or stop
   * it; then the file is as it was.
   */
  export: call(
    z.strictObject({ filter: logFilterSchema, format: z.enum(EXPORT_FORMATS) }),
    exportedSchema.nullable(),
  ),
  stopExport: call(nothing, nothing),
  /** The saved views of the account, which are on this computer. */
  views: call(nothing, z.array(savedViewSchema)),
  /** Replaces them. */
  keepViews: accountCall(z.strictObject({ views: z.array(savedViewSchema).max(MOST_SAVED_VIEWS) }), nothing),
  kept: call(nothing, localLogSchema),
  /** Sets the limit of local rows. Surplus rows are deleted soon after, oldest first. */
  keep: call(z.strictObject({ limit: logLimitSchema }), nothing),
} as const satisfies CallGroup;

export const logEvents = {
  exporting: exportProgressSchema,
  /** New and changed rows of the log, newest first, at most a few hundred at a time. */
  changed: z.object({ items: z.array(attemptSchema) }),
  /** Rows may be gone or in an earlier state, so windows load them again. */
  replaced: z.object({}),
} as const satisfies EventGroup;
