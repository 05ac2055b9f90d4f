import { z } from 'zod';
import { serviceStateSchema, timeSchema } from '../domain/entities';
import { accountCall, call, type CallGroup, nothing } from './call';

/** The service to which a connection leads. */
export const serviceRefSchema = z.object({ kind: z.enum(['embedded', 'remote']), url: z.string() });
export type ServiceRef = z.infer<typeof serviceRefSchema>;

export const connectionSchema = z.discriminatedUnion('kind', [
  /** No service was chosen yet: the first start. */
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('connecting'), service: serviceRefSchema }),
  /**
   * `state` is the treatment of calls to the protected API, if the service has told it. `isNewer` says that the service uses
   * values that only a newer console knows.
   */
  z.object({
    kind: z.literal('online'),
    service: serviceRefSchema,
    since: timeSchema,
    state: serviceStateSchema.optional(),
    isNewer: z.boolean().optional(),
  }),
  /**
   * `since` is the last moment at which the service answered, or the first failure if it never did. `trouble` is absent if no
   * answer came; else the answer did not fit this contract, the service cannot reach its database, or this computer could not
   * take the answer in. `state` is what the service says of itself all the same.
   */
  z.object({
    kind: z.literal('unreachable'),
    service: serviceRefSchema,
    since: timeSchema,
    message: z.string(),
    trouble: z.enum(['answer', 'database', 'console']).optional(),
    state: serviceStateSchema.optional(),
  }),
  z.object({
    kind: z.literal('unauthorized'),
    service: serviceRefSchema,
    code: z.string(),
    message: z.string(),
  }),
  /** The embedded service could not start; `message` says why and what to do. */
  z.object({ kind: z.literal('failed'), service: serviceRefSchema, message: z.string() }),
]);
export type Connection = z.infer<typeof connectionSchema>;

/** The first key and a line to try it with, until it is dismissed. */
export const welcomeSchema = z.object({
  serviceUrl: z.string(),
  keyName: z.string(),
  secret: z.string(),
  curl: z.string(),
});
export type Welcome = z.infer<typeof welcomeSchema>;

export const connectionCalls = {
  /** Runs the enforcement service on this computer, connects to it and shows its account. */
  useEmbedded: call(nothing, nothing),
  /**
   * Connects an account beside the others, or gives a connected one another token, and shows it. The token is checked before
   * anything is saved.
   */
  connect: call(
    z.strictObject({
      url: z.string().max(2000),
      token: z.string().max(500),
      /**
       * True if a person has agreed that the token travels unencrypted. Otherwise a plain address that is not loopback is refused
       * as `plain_address`, and nothing is sent (docs/behaviour.md 8.1.3).
       */
      allowPlain: z.boolean().optional(),
    }),
    nothing,
  ),
  /** Gives that agreement for the saved connection; `url` is the one that the person was shown. */
  allowPlain: accountCall(z.strictObject({ url: z.string().max(2000) }), nothing),
  retry: call(nothing, nothing),
  /** Makes the key store ask again for an access token that it did not take. */
  keepToken: accountCall(nothing, nothing),
  /**
   * Disconnects the shown account, and shows another one or the first screen. Its token and this computer's data of it are
   * deleted; the embedded service keeps its own. Nothing happens while operations are unsent, unless `discardUnsent` is true.
   */
  forget: accountCall(
    z.strictObject({ discardUnsent: z.boolean() }),
    z.object({ forgotten: z.boolean(), unsent: z.int().nonnegative() }),
  ),
} as const satisfies CallGroup;

export const welcomeCalls = {
  get: call(nothing, welcomeSchema.nullable()),
  dismiss: call(nothing, nothing),
} as const satisfies CallGroup;
