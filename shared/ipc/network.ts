import { z } from 'zod';
import { call, type CallGroup, nothing } from './call';

/** Which proxy leads to a service elsewhere. Calls to this computer itself never take one. */
export const proxyChoiceSchema = z.enum([
  /** What the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) says, else what the system's settings say. */
  'system',
  'none',
  /** The one that is named below. */
  'own',
]);
export type ProxyChoice = z.infer<typeof proxyChoiceSchema>;

/** How this console reaches services elsewhere. An empty text is none. */
export const networkSettingsSchema = z.strictObject({
  proxy: proxyChoiceSchema,
  /** `host:port`, or a URL that begins with http:// or https://. */
  address: z.string().max(500),
  /** Hosts that are reached without the proxy, as NO_PROXY has them. */
  exceptions: z.string().max(2_000),
  userName: z.string().max(200),
  /** The path of a file with certificates of authorities that are trusted beside the system's. */
  authorityFile: z.string().max(2_000),
});
export type NetworkSettings = z.infer<typeof networkSettingsSchema>;

/** What is to be changed. Another address without a password drops the password that the former one was given. */
export const networkChangesSchema = networkSettingsSchema.extend({ password: z.string().max(500) }).partial();
export type NetworkChanges = z.infer<typeof networkChangesSchema>;

export const networkStateSchema = z.object({
  settings: networkSettingsSchema,
  /** Where the proxy's password is: in the key store, in memory until the console ends, or nowhere. */
  password: z.enum(['kept', 'session', 'none']),
  /** How the service is reached now, as a sentence; null while there is none elsewhere. */
  route: z.string().nullable(),
});
export type NetworkState = z.infer<typeof networkStateSchema>;

export const networkCalls = {
  state: call(nothing, networkStateSchema),
  /** Changes what is named and connects to a service elsewhere anew; answers with how it stands then. */
  change: call(networkChangesSchema, networkStateSchema),
  /** Lets a person choose a file with certificates; null when they do not. */
  chooseFile: call(nothing, z.string().nullable()),
} as const satisfies CallGroup;
