import { z } from 'zod';
import { attemptSchema, idSchema, reasonSchema, verdictSchema } from '../domain/entities';
import { call, type CallGroup, type EventGroup, nothing } from './call';

/** A filter of the log. Fields combine with "and"; an absent field does not filter. */
export const logFilterSchema = z.strictObject({
  verdict: verdictSchema.optional(),
  reason: reasonSchema.optional(),
  keyId: idSchema.optional(),
  /** An address or a range, in any form of a range text. */
  ip: z.string().max(200).optional(),
  /** Searched in path, user agent, key name and address. */
  text: z.string().max(200).optional(),
});
export type LogFilter = z.infer<typeof logFilterSchema>;

export const logPageSchema = z.object({ items: z.array(attemptSchema), nextCursor: z.string().nullable() });
export type LogPage = z.infer<typeof logPageSchema>;

/** The choices for how many rows of the log are kept on this computer. The service has the rest. */
export const LOG_LIMITS = [50_000, 200_000, 1_000_000] as const;

export const logLimitSchema = z.literal([...LOG_LIMITS]);
export type LogLimit = z.infer<typeof logLimitSchema>;

export const DEFAULT_LOG_LIMIT: LogLimit = 200_000;

/** The part of the log that is on this computer. */
export const localLogSchema = z.object({ limit: logLimitSchema, rows: z.int().nonnegative() });
export type LocalLog = z.infer<typeof localLogSchema>;

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
  kept: call(nothing, localLogSchema),
  /** Sets the limit of local rows. Surplus rows are deleted soon after, oldest first. */
  keep: call(z.strictObject({ limit: logLimitSchema }), nothing),
} as const satisfies CallGroup;

export const logEvents = {
  /** New and changed rows of the log, newest first, at most a few hundred at a time. */
  changed: z.object({ items: z.array(attemptSchema) }),
  /** Rows may be gone or in an earlier state, so windows load them again. */
  replaced: z.object({}),
} as const satisfies EventGroup;
