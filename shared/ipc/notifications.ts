import { z } from 'zod';
import { idSchema, timeSchema } from '../domain/entities';
import { call, type CallGroup, type EventGroup, nothing } from './call';
import { QUICK_SECONDS } from './quick';

/** What a notification can be about. */
export const causeSchema = z.enum([
  /** A call from an unknown address was blocked. */
  'question',
  /** The service has not answered for a while. */
  'unreachable',
  /** Calls to the protected API do not get the verdicts that they should. */
  'service_state',
  /** An edit of this console waits for a decision. */
  'parked_edit',
  /** Somebody else, or the service itself, changed the mode. */
  'mode_changed',
  /** Learning is about to end by itself. */
  'learning_ending',
  /** The trust review let an address in by itself. */
  'grant_added',
]);
export type Cause = z.infer<typeof causeSchema>;

/** A time of day on this computer's clock: `22:00`. */
const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 22:00');

/** When nothing is shown, in local time. A span that ends before it begins ends on the next day. */
export const quietHoursSchema = z.strictObject({
  from: timeOfDaySchema,
  to: timeOfDaySchema,
  /** The days on which it begins; 0 is Sunday. */
  days: z.array(z.int().min(0).max(6)).min(1).max(7),
});
export type QuietHours = z.infer<typeof quietHoursSchema>;

export const quickSecondsSchema = z.literal(QUICK_SECONDS);

/** When notifications say that a call was blocked, and neither from where nor with which key. */
export const hideDetailsSchema = z.enum(['never', 'locked', 'always']);
export type HideDetails = z.infer<typeof hideDetailsSchema>;

export const notificationPreferencesSchema = z.strictObject({
  enabled: z.boolean(),
  causes: z.record(causeSchema, z.boolean()),
  quietHours: quietHoursSchema.nullable(),
  /** Whether "do not disturb" of the desktop is kept to. */
  followDesktopQuiet: z.boolean(),
  quickSeconds: quickSecondsSchema,
  hideDetails: hideDetailsSchema,
});
export type NotificationPreferences = z.infer<typeof notificationPreferencesSchema>;

/** What is to be changed; what is not named stays. */
export const notificationChangesSchema = notificationPreferencesSchema
  .extend({ causes: z.partialRecord(causeSchema, z.boolean()) })
  .partial();
export type NotificationChanges = z.infer<typeof notificationChangesSchema>;

export const defaultNotificationPreferences: NotificationPreferences = {
  enabled: true,
  causes: {
    question: true,
    unreachable: true,
    service_state: true,
    parked_edit: true,
    mode_changed: true,
    learning_ending: true,
    grant_added: false,
  },
  quietHours: null,
  followDesktopQuiet: true,
  quickSeconds: 3_600,
  hideDetails: 'never',
};

/** Why nothing is shown at the moment; `until` is null where nobody knows. */
const quietSchema = z.object({
  reason: z.enum(['off', 'snoozed', 'quiet_hours', 'desktop']),
  until: timeSchema.nullable(),
});
export type Quiet = z.infer<typeof quietSchema>;

/** Everything about notifications that a window shows. */
export const notificationStateSchema = z.object({
  preferences: notificationPreferencesSchema,
  /** The keys of the account about which nothing is announced. */
  mutedKeyIds: z.array(idSchema),
  snoozedUntil: timeSchema.nullable(),
  quiet: quietSchema.nullable(),
  /** Whether this desktop shows notifications, and buttons in them. */
  desktop: z.object({ supported: z.boolean(), buttons: z.boolean() }),
});
export type NotificationState = z.infer<typeof notificationStateSchema>;

/** For how long notifications are paused; tomorrow begins at 8 o'clock on this computer's clock. */
export const snoozeSchema = z.enum(['hour', 'tomorrow']);
export type Snooze = z.infer<typeof snoozeSchema>;

export const notificationCalls = {
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
} as const satisfies CallGroup;

/** Also sent when quiet begins or ends by itself. */
export const notificationEvents = { changed: notificationStateSchema } as const satisfies EventGroup;
