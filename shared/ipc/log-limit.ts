import { z } from 'zod';

/** How many rows of the log may be kept on this computer. The service has the rest. */
export const LOG_LIMITS = [50_000, 200_000, 1_000_000] as const;

export const logLimitSchema = z.literal([...LOG_LIMITS]);
export type LogLimit = z.infer<typeof logLimitSchema>;

export const DEFAULT_LOG_LIMIT: LogLimit = 200_000;

/** How much of the log is on this computer. */
export const localLogSchema = z.object({ limit: logLimitSchema, rows: z.int().nonnegative() });
export type LocalLog = z.infer<typeof localLogSchema>;
