import { z } from 'zod';
import { call, type CallGroup, type EventGroup, nothing } from './call';
import { connectionSchema, serviceRefSchema } from './connection';

/** The id of a connection, which an account keeps for as long as it is connected. */
export const connectionIdSchema = z.string().min(1).max(64);

/** A connected account, in short. */
export const accountSummarySchema = z.object({
  id: connectionIdSchema,
  /** The account's own name; that of its service as long as it is not known. */
  name: z.string(),
  service: serviceRefSchema,
  connection: connectionSchema,
  openReviews: z.int().nonnegative(),
  /** Queued operations that wait for a person. */
  asking: z.int().nonnegative(),
  /** All queued operations that the service does not have yet. */
  unsent: z.int().nonnegative(),
});
export type AccountSummary = z.infer<typeof accountSummarySchema>;

export const accountListSchema = z.object({
  /** In the order in which they were connected. */
  accounts: z.array(accountSummarySchema),
  /** The account that all windows show. It is not in the list as long as it is not connected. */
  shownId: connectionIdSchema,
});
export type AccountList = z.infer<typeof accountListSchema>;

export const accountCalls = {
  list: call(nothing, accountListSchema),
  /** Makes all windows show this account. */
  show: call(z.strictObject({ id: connectionIdSchema }), nothing),
} as const satisfies CallGroup;

/** Counts follow at most four times a second; another shown account is told at once. */
export const accountEvents = { changed: accountListSchema } as const satisfies EventGroup;
