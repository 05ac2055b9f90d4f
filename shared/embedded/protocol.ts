import { z } from 'zod';

/**
 * The messages between the console and the enforcement service that it runs, over the parent port. The console sends one `start`
 * and gets one answer; after that it uses the control plane over HTTP, like any other client.
 */

/** `host:port`, with brackets around an IPv6 host; port 0 takes any free one. */
const listenSchema = z.string().regex(/^(\[[0-9a-f:.]+\]|[^\s:[\]]+):\d{1,5}$/i, 'must be host:port');

export const startMessageSchema = z.strictObject({
  type: z.literal('start'),
  listen: listenSchema,
  /** The folder of the service's database, which is made if it does not exist. */
  dataDir: z.string().min(1),
  /** The e-mail address of the owner of the account that is made in an empty database. */
  ownerEmail: z.string().min(3),
  /**
   * SHA-256, in lower-case hex, of the owner's access token for this run. The token itself stays in the memory of the process
   * that made it, and is new with each start (docs/behaviour.md 8.1.5).
   */
  consoleTokenHash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type StartMessage = z.infer<typeof startMessageSchema>;

/** The service writes everything to disk and exits with code 0. */
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
