import { z } from 'zod';
import { call, type CallGroup, nothing } from './call';

/** The proxy on the way to a remote service. Calls to this computer itself never take one. */
export const proxyChoiceSchema = z.enum([
  /** The environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) decides, else the system's settings. */
  'system',
  'none',
  /** The proxy in `address`. */
  'own',
]);
export type ProxyChoice = z.infer<typeof proxyChoiceSchema>;

/** The settings for connections to remote services. An empty text means none. */
export const networkSettingsSchema = z.strictObject({
  proxy: proxyChoiceSchema,
  /** `host:port`, or a URL that begins with http:// or https://. */
  address: z.string().max(500),
  /** Hosts that are reached without the proxy, in the form of NO_PROXY. */
  exceptions: z.string().max(2_000),
  userName: z.string().max(200),
  /** The path of a file with certificates of authorities that are trusted besides the system's. */
  authorityFile: z.string().max(2_000),
});
export type NetworkSettings = z.infer<typeof networkSettingsSchema>;

/** The fields to change. A new address without a password drops the password of the old one. */
export const networkChangesSchema = networkSettingsSchema.extend({ password: z.string().max(500) }).partial();
export type NetworkChanges = z.infer<typeof networkChangesSchema>;

export const networkStateSchema = z.object({
  settings: networkSettingsSchema,
  /** The storage of the proxy's password: in the key store, in memory until the console ends, or none. */
  password: z.enum(['kept', 'session', 'none']),
  /** A sentence about the route to the service; null while there is no remote one. */
  route: z.string().nullable(),
});
export type NetworkState = z.infer<typeof networkStateSchema>;

export const networkCalls = {
  state: call(nothing, networkStateSchema),
  /** Changes the given fields, reconnects to a remote service, and answers with the new state. */
  change: call(networkChangesSchema, networkStateSchema),
  /** Lets a person choose a file with certificates; null if they cancel. */
  chooseFile: call(nothing, z.string().nullable()),
} as const satisfies CallGroup;
