import { z } from 'zod';
import { addRangeBody, authorizeReviewBody, denyReviewBody, updateRangeBody } from '../api/bodies';
import { importFilterSchema, MAX_IMPORT_BYTES, policyRoutes } from '../api/routes-policy';
import {
  accountSchema,
  actorSchema,
  attemptSchema,
  auditEventSchema,
  idSchema,
  keySchema,
  modeSchema,
  rangeSchema,
  reasonSchema,
  reviewSchema,
  serviceStateSchema,
  timeSchema,
  verdictSchema,
} from '../domain/entities';
import { desktopSettingsSchema, desktopStateSchema } from './desktop';
import { notificationChangesSchema, notificationStateSchema, snoozeSchema } from './notifications';
import { networkChangesSchema, networkStateSchema } from './network';
import { localLogSchema, logLimitSchema } from './log-limit';
import { outboxItemSchema, resolutionSchema, settledSchema, syncStatusSchema } from './outbox';

/**
 * Everything that crosses between the main process and its windows. The preload bridge, main's handlers, the
 * renderer's calls and the test doubles all derive from this object, so that a missing or misspelt call does not
 * compile, and every value is checked again at run time on its way into main.
 */

export interface CallContract {
  readonly request: z.ZodType;
  readonly response: z.ZodType;
}

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, response: R) => ({ request, response });
const nothing = z.undefined();

/** Which service this console talks to. */
export const serviceRefSchema = z.object({ kind: z.enum(['embedded', 'remote']), url: z.string() });
export type ServiceRef = z.infer<typeof serviceRefSchema>;

export const connectionSchema = z.discriminatedUnion('kind', [
  /** Nothing chosen yet: the first start. */
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('connecting'), service: serviceRefSchema }),
  /**
   * `state` is what calls to the protected API get, where the service has told it. `isNewer`: it tells of things that only
   * a newer console knows.
   */
  z.object({
    kind: z.literal('online'),
    service: serviceRefSchema,
    since: timeSchema,
    state: serviceStateSchema.optional(),
    isNewer: z.boolean().optional(),
  }),
  /**
   * `since` is the last moment at which the service answered, or the first failure if it never did. `trouble` is absent
   * where no answer came; else the answer was not one of this contract, the service cannot reach its database, or this
   * computer could not take in what came. `state` is what the service told of itself all the same.
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

export const screenSchema = z.enum([
  'pending',
  'log',
  'ranges',
  'protection',
  'keys',
  'activity',
  'settings',
]);
export type Screen = z.infer<typeof screenSchema>;

/** A message that stays in the window until it is dismissed, e.g. "the local store was damaged and set aside". */
export const noticeSchema = z.object({
  id: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  message: z.string(),
  /** What can be done about it. */
  action: z.enum(['keep_token', 'add_to_menu']).optional(),
});
export type Notice = z.infer<typeof noticeSchema>;

export const bootstrapSchema = z.object({
  appVersion: z.string(),
  platform: z.string(),
  electronVersion: z.string(),
  /** Set when the app runs on a stand-in runtime that is for trying out only: its version. */
  trialRuntime: z.string().nullable(),
  /** Whether tokens can be kept encrypted; if not, `reason` says why they last for this session only. */
  vault: z.object({ encrypted: z.boolean(), reason: z.string().nullable() }),
  notices: z.array(noticeSchema),
});
export type Bootstrap = z.infer<typeof bootstrapSchema>;

/**
 * The replica of main's state that a window keeps. Versions grow by one with each patch; a gap means that a patch
 * was missed, and the window asks for a snapshot again.
 */
export const mirrorSnapshotSchema = z.object({
  version: z.int(),
  connection: connectionSchema,
  /** The last moment at which the mirror was known to equal the service, or null before the first time. */
  lastSyncAt: timeSchema.nullable(),
  sync: syncStatusSchema,
  /** How far the service's clock is ahead of this computer's, as far as that is known: times of the account are the service's. */
  clockOffsetMs: z.number(),
  /** From here on: server state with the waiting edits in it. */
  account: accountSchema.nullable(),
  ranges: z.array(rangeSchema),
  /** Pending ones, and the newest answered ones. */
  reviews: z.array(reviewSchema),
  keys: z.array(keySchema),
});
export type MirrorSnapshot = z.infer<typeof mirrorSnapshotSchema>;

const entityPatch = <T extends z.ZodType>(entity: T) =>
  z.object({ upserted: z.array(entity), removed: z.array(idSchema) });

export const mirrorPatchSchema = z.object({
  version: z.int(),
  connection: connectionSchema.optional(),
  lastSyncAt: timeSchema.nullable().optional(),
  sync: syncStatusSchema.optional(),
  clockOffsetMs: z.number().optional(),
  account: accountSchema.nullable().optional(),
  ranges: entityPatch(rangeSchema).optional(),
  reviews: entityPatch(reviewSchema).optional(),
  keys: entityPatch(keySchema).optional(),
});
export type MirrorPatch = z.infer<typeof mirrorPatchSchema>;

/** What the log shows. Fields combine with "and"; an absent field does not filter. */
export const logFilterSchema = z.strictObject({
  verdict: verdictSchema.optional(),
  reason: reasonSchema.optional(),
  keyId: idSchema.optional(),
  /** An address or a range, in any spelling of docs/behaviour.md 2. */
  ip: z.string().max(200).optional(),
  /** Looked for in path, user agent, key name and address. */
  text: z.string().max(200).optional(),
});
export type LogFilter = z.infer<typeof logFilterSchema>;

export const logPageSchema = z.object({ items: z.array(attemptSchema), nextCursor: z.string().nullable() });
export type LogPage = z.infer<typeof logPageSchema>;

/** What the audit trail shows, in the same way. */
export const auditFilterSchema = z.strictObject({
  actorKind: actorSchema.shape.kind.optional(),
  /** Looked for in who did it, what, and what was before and after. */
  text: z.string().max(200).optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

export const auditPageSchema = z.object({
  items: z.array(auditEventSchema),
  nextCursor: z.string().nullable(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;

/** The first key and a line to try it with, until it is dismissed. */
export const welcomeSchema = z.object({
  serviceUrl: z.string(),
  keyName: z.string(),
  secret: z.string(),
  curl: z.string(),
});
export type Welcome = z.infer<typeof welcomeSchema>;

export const calls = {
  app: {
    bootstrap: call(nothing, bootstrapSchema),
    copyText: call(z.strictObject({ text: z.string().max(10_000) }), nothing),
    dismissNotice: call(z.strictObject({ id: z.string().max(100) }), nothing),
    /** Brings the console's main window to the front on this screen. */
    showScreen: call(z.strictObject({ screen: screenSchema }), nothing),
    /** Closes the window that asks. */
    closeWindow: call(nothing, nothing),
    /** Opens the approval window, as a click on a notification does. */
    openApproval: call(z.strictObject({ reviewId: idSchema }), nothing),
  },
  connection: {
    /** Runs the enforcement service on this computer and connects to it. */
    useEmbedded: call(nothing, nothing),
    /** Checks the token before anything is saved. */
    connect: call(
      z.strictObject({
        url: z.string().max(2000),
        token: z.string().max(500),
        /**
         * A person has agreed that the token travels unencrypted. Without it a plain address that is not loopback is refused
         * as `plain_address`, and nothing is sent.
         */
        allowPlain: z.boolean().optional(),
      }),
      nothing,
    ),
    /** The same agreement for the saved connection; `url` is the one that the person was shown. */
    allowPlain: call(z.strictObject({ url: z.string().max(2000) }), nothing),
    retry: call(nothing, nothing),
    /** Has the key store ask again for an access token that it did not take. */
    keepToken: call(nothing, nothing),
    /**
     * Back to the first screen; the token and what this computer knows of the account are deleted, the embedded service's
     * data stay. With edits that the service does not have yet nothing happens unless they are to be discarded.
     */
    forget: call(
      z.strictObject({ discardUnsent: z.boolean() }),
      z.object({ forgotten: z.boolean(), unsent: z.int().nonnegative() }),
    ),
  },
  welcome: {
    get: call(nothing, welcomeSchema.nullable()),
    dismiss: call(nothing, nothing),
  },
  mirror: { snapshot: call(nothing, mirrorSnapshotSchema) },
  log: {
    page: call(
      z.strictObject({
        filter: logFilterSchema,
        // Longer than the service's own: main wraps those to remember where the local rows ended.
        cursor: z.string().max(300).nullable(),
        limit: z.int().min(1).max(500),
      }),
      logPageSchema,
    ),
    /** How much of it is on this computer, and may be. */
    kept: call(nothing, localLogSchema),
    /** Sets how much of it may be. What is too much goes soon after, the oldest first. */
    keep: call(z.strictObject({ limit: logLimitSchema }), nothing),
  },
  audit: {
    /** A page of the audit trail, newest first. */
    page: call(
      z.strictObject({
        filter: auditFilterSchema,
        cursor: z.string().max(100).nullable(),
        limit: z.int().min(1).max(500),
      }),
      auditPageSchema,
    ),
  },
  // Edits answer at once, with what they come to as it will be shown, and are sent later: `outbox.settled` tells how they
  // ended, by operation id.
  mode: {
    /** Without an id when it is that mode already. */
    set: call(
      z.strictObject({ mode: modeSchema }),
      z.object({ operationId: idSchema.nullable(), account: accountSchema }),
    ),
  },
  ranges: {
    /** An operation for each range: a dash may mean several. */
    add: call(addRangeBody, z.object({ operationIds: z.array(idSchema), ranges: z.array(rangeSchema) })),
    update: call(
      z.strictObject({ rangeId: idSchema, version: z.int(), changes: updateRangeBody }),
      z.object({ operationId: idSchema, range: rangeSchema }),
    ),
    /** Without an id when the service never knew the range. */
    remove: call(
      z.strictObject({ rangeId: idSchema, version: z.int() }),
      z.object({ operationId: idSchema.nullable() }),
    ),
    /** No edit that could wait: the service does it while one looks on, or says (`dryRun`) what it would do. */
    import: call(
      z.strictObject({
        text: z.string().max(MAX_IMPORT_BYTES),
        dryRun: z.boolean(),
        outcome: importFilterSchema.optional(),
        cursor: z.string().max(20).optional(),
      }),
      policyRoutes.importRanges.response,
    ),
  },
  reviews: {
    authorize: call(
      authorizeReviewBody.safeExtend({ reviewId: idSchema }),
      z.object({ operationId: idSchema, review: reviewSchema, range: rangeSchema }),
    ),
    deny: call(
      denyReviewBody.safeExtend({ reviewId: idSchema }),
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('queued'), operationId: idSchema, review: reviewSchema }),
        /** With a new secret for the key it is no edit that could wait: the service has done it. */
        z.object({
          kind: z.literal('done'),
          review: reviewSchema,
          secret: z.string().nullable(),
          enforcedAt: timeSchema,
        }),
      ]),
    ),
    /**
     * Takes an answer back, so that its question is open again. `operationId` is the answer's own, or null where it had
     * none; the one that comes back is of the edit that does it, or null where the answer was not sent yet.
     */
    undo: call(
      z.strictObject({ reviewId: idSchema, operationId: idSchema.nullable() }),
      z.object({ operationId: idSchema.nullable() }),
    ),
  },
  outbox: {
    /** Every edit that the service does not have yet, in order. */
    list: call(nothing, z.array(outboxItemSchema)),
    /** Takes an edit back that has not been sent. */
    undo: call(z.strictObject({ id: idSchema }), nothing),
    /** Decides a parked edit. */
    resolve: call(z.strictObject({ id: idSchema, resolution: resolutionSchema }), nothing),
    /** Says again that an edit is meant that asks for it. */
    confirm: call(z.strictObject({ id: idSchema }), nothing),
    /** Makes edits of other people those of the person who is signed in. */
    adopt: call(z.strictObject({ ids: z.array(idSchema).min(1) }), nothing),
    /** Drops edits of other people for good. */
    discard: call(z.strictObject({ ids: z.array(idSchema).min(1) }), nothing),
  },
  notifications: {
    state: call(nothing, notificationStateSchema),
    /** Changes what is named, at once. */
    change: call(notificationChangesSchema, nothing),
    /** Whether anything is announced about a key of the account. */
    muteKey: call(z.strictObject({ keyId: idSchema, muted: z.boolean() }), nothing),
    snooze: call(z.strictObject({ for: snoozeSchema }), nothing),
    /** Ends a snooze. */
    wake: call(nothing, nothing),
    /** Shows a sample, whatever is set. */
    test: call(nothing, nothing),
  },
  keys: {
    create: call(
      z.strictObject({ name: z.string().max(200) }),
      z.object({ key: keySchema, secret: z.string() }),
    ),
    rotate: call(
      z.strictObject({ keyId: idSchema, graceSeconds: z.int().min(0) }),
      z.object({ key: keySchema, secret: z.string() }),
    ),
    revoke: call(z.strictObject({ keyId: idSchema }), nothing),
  },
  network: {
    state: call(nothing, networkStateSchema),
    /** Changes what is named and connects to a service elsewhere anew; answers with how it stands then. */
    change: call(networkChangesSchema, networkStateSchema),
    /** Lets a person choose a file with certificates; null when they do not. */
    chooseFile: call(nothing, z.string().nullable()),
  },
  desktop: {
    state: call(nothing, desktopStateSchema),
    /** Changes the settings that are named; answers with how they stand then. */
    change: call(desktopSettingsSchema.partial(), desktopStateSchema),
  },
} as const satisfies Record<string, Record<string, CallContract>>;

export const events = {
  mirror: { patch: mirrorPatchSchema },
  /** New and changed rows of the log, newest first, at most a few hundred at a time. */
  log: {
    changed: z.object({ items: z.array(attemptSchema) }),
    /** Rows may be gone, or in an earlier state: whoever shows them loads them again. */
    replaced: z.object({}),
  },
  /** New events of the audit trail, newest first, likewise. */
  audit: { added: z.object({ items: z.array(auditEventSchema) }), replaced: z.object({}) },
  outbox: {
    /** How edits ended, or that they came to a stop; at most a few hundred at a time. */
    settled: z.object({ items: z.array(settledSchema) }),
    /** The list is another one. */
    changed: z.object({}),
  },
  desktop: { changed: desktopStateSchema },
  /** Whenever something else is to be shown about notifications, also when quiet begins or ends. */
  notifications: { changed: notificationStateSchema },
  app: {
    notices: z.array(noticeSchema),
    /** Main asks the console window to show a screen. */
    navigate: z.object({ screen: screenSchema }),
    /** Main asks the approval window to show a question. */
    showReview: z.object({ reviewId: idSchema }),
  },
} as const satisfies Record<string, Record<string, z.ZodType>>;

export type Calls = typeof calls;
export type Events = typeof events;

export { channelOf } from './names';
export type { OutboxItem, Resolution, Settled, SyncStatus } from './outbox';
