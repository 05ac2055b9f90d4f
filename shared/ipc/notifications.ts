import { z } from 'zod';
import { idSchema, timeSchema } from '../domain/entities';
import { accountCall, call, type CallGroup, type EventGroup, nothing } from './call';
import { QUICK_SECONDS } from './quick';

/** The cause of a notification (docs/behaviour.md 8.3.1). */
export const causeSchema = z.enum([
  /** A call from an unknown address was blocked. */
  'review',
  /** The service has not answered for a while. */
  'unreachable',
  /** Calls to the protected API do not get the verdicts that they should. */
  'service_state',
  /** An operation of this console waits for a decision. */
  'undecided_operation',
  /** Somebody else, or the service itself, changed the mode. */
  'mode_changed',
  /** Learning is about to end by itself. */
  'learning_ending',
  /** The trust review let an address in by itself. */
  'grant_added',
  /** A source of ranges fails, or its list became much smaller. */
  'source_trouble',
]);
export type Cause = z.infer<typeof causeSchema>;

/** A time of day on this computer's clock: `22:00`. */
const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 22:00');

/** The span in which nothing is shown, in local time. A span whose end is before its beginning ends on the next day. */
export const quietHoursSchema = z.strictObject({
  from: timeOfDaySchema,
  to: timeOfDaySchema,
  /** The days on which it begins; 0 is Sunday. */
  days: z.array(z.int().min(0).max(6)).min(1).max(7),
});
export type QuietHours = z.infer<typeof quietHoursSchema>;

export const quickSecondsSchema = z.literal(QUICK_SECONDS);

/** The choice of when notifications hide the address and the key. */
export const hideDetailsSchema = z.enum(['never', 'locked', 'always']);
export type HideDetails = z.infer<typeof hideDetailsSchema>;

export const notificationPreferencesSchema = z.strictObject({
  enabled: z.boolean(),
  causes: z.record(causeSchema, z.boolean()),
  quietHours: quietHoursSchema.nullable(),
  /** True if "do not disturb" of the desktop is followed. */
  followDesktopQuiet: z.boolean(),
  quickSeconds: quickSecondsSchema,
  hideDetails: hideDetailsSchema,
});
export type NotificationPreferences = z.infer<typeof notificationPreferencesSchema>;

/** The fields to change; the others stay. */
export const notificationChangesSchema = notificationPreferencesSchema
  .extend({ causes: z.partialRecord(causeSchema, z.boolean()) })
  .partial();
export type NotificationChanges = z.infer<typeof notificationChangesSchema>;

export const defaultNotificationPreferences: NotificationPreferences = {
  enabled: true,
  causes: {
    review: true,
    unreachable: true,
    service_state: true,
    undecided_operation: true,
    mode_changed: true,
    learning_ending: true,
    grant_added: false,
    source_trouble: true,
  },
  quietHours: null,
  followDesktopQuiet: true,
  quickSeconds: 3_600,
  hideDetails: 'never',
};

/** The reason why nothing is shown now; `until` is null if the end is not known. */
const quietSchema = z.object({
  reason: z.enum(['off', 'snoozed', 'quiet_hours', 'desktop']),
  until: timeSchema.nullable(),
});
export type Quiet = z.infer<typeof quietSchema>;

export const notificationStateSchema = z.object({
  preferences: notificationPreferencesSchema,
  /** The keys of the account about which nothing is announced. */
  mutedKeyIds: z.array(idSchema),
  snoozedUntil: timeSchema.nullable(),
  quiet: quietSchema.nullable(),
  /** The features of this desktop: notifications, and buttons in them. */
  desktop: z.object({ supported: z.boolean(), buttons: z.boolean() }),
});
export type NotificationState = z.infer<typeof notificationStateSchema>;

/** The length of a pause; "tomorrow" begins at 8:00 on this computer's clock. */
export const snoozeSchema = z.enum(['hour', 'tomorrow']);
export type Snooze = z.infer<typeof snoozeSchema>;

export const notificationCalls = {
  state: call(nothing, notificationStateSchema),
  change: call(notificationChangesSchema, nothing),
  /** Mutes a key of the account, or ends that. */
  muteKey: accountCall(z.strictObject({ keyId: idSchema, muted: z.boolean() }), nothing),
  snooze: call(z.strictObject({ for: snoozeSchema }), nothing),
  wake: call(nothing, nothing),
  /** Shows a sample, even while notifications are off. */
  test: call(nothing, nothing),
} as const satisfies CallGroup;

/** The event is also sent when quiet begins or ends by itself. */
export const notificationEvents = { changed: notificationStateSchema } as const satisfies EventGroup;
