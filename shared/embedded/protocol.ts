import { z } from 'zod';

/**
 * What the console and the enforcement service that it runs embedded say to each other over the parent port. The
 * console always starts: one `start`, one answer; then the control plane over HTTP, like any other client.
 */

/** `host:port`, with brackets around an IPv6 host; port 0 is any free one. */
const listenSchema = z.string().regex(/^(\[[0-9a-f:.]+\]|[^\s:[\]]+):\d{1,5}$/i, 'must be host:port');

export const startMessageSchema = z.strictObject({
  type: z.literal('start'),
  listen: listenSchema,
  /** Where the service keeps its database; made when it is not there. */
  dataDir: z.string().min(1),
  /** The owner of the account that is made in an empty database. */
  ownerEmail: z.string().min(3),
  /**
   * SHA-256, in lower-case hex, of the owner's access token for this run. The token itself stays in the memory of the
   * process that made it, and each start brings a new one.
   */
  consoleTokenHash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type StartMessage = z.infer<typeof startMessageSchema>;

/** Flush everything and exit with code 0. */
export const stopMessageSchema = z.strictObject({ type: z.literal('stop') });

export const messageToServiceSchema = z.discriminatedUnion('type', [startMessageSchema, stopMessageSchema]);
export type MessageToService = z.infer<typeof messageToServiceSchema>;

export const startFailureCodeSchema = z.enum([
  'address_in_use',
  'data_dir_locked',
  'database_damaged',
  'invalid_setting',
  'internal',
]);
export type StartFailureCode = z.infer<typeof startFailureCodeSchema>;

export const listeningMessageSchema = z.object({ type: z.literal('listening'), url: z.url() });

/** The service could not start, and exits. `message` is a sentence for a person. */
export const startFailedMessageSchema = z.object({
  type: z.literal('failed'),
  code: startFailureCodeSchema,
  message: z.string(),
});

export const messageFromServiceSchema = z.discriminatedUnion('type', [
  listeningMessageSchema,
  startFailedMessageSchema,
]);
export type MessageFromService = z.infer<typeof messageFromServiceSchema>;
