import { z } from 'zod';
import { idSchema } from '#shared/domain/entities';
import {
  type Cause,
  defaultNotificationPreferences as defaults,
  type NotificationChanges,
  type NotificationPreferences,
  hideDetailsSchema,
  quickSecondsSchema,
  quietHoursSchema,
} from '#shared/ipc/notifications';
import type { Settings } from '../store/settings';

const PREFERENCES_SETTING = 'notifications.preferences';
const SNOOZE_SETTING = 'notifications.snoozedUntil';
const MUTED_SETTING = 'notifications.mutedKeys';

function flagOf(cause: Cause) {
  return z.boolean().catch(defaults.causes[cause]);
}

/** Each field is read by itself. A damaged or unknown one gets its default. */
const keptPreferencesSchema = z.object({
  enabled: z.boolean().catch(defaults.enabled),
  causes: z
    .object({
      review: flagOf('review'),
      unreachable: flagOf('unreachable'),
      service_state: flagOf('service_state'),
      undecided_operation: flagOf('undecided_operation'),
      mode_changed: flagOf('mode_changed'),
      learning_ending: flagOf('learning_ending'),
      grant_added: flagOf('grant_added'),
      source_trouble: flagOf('source_trouble'),
    } satisfies Record<Cause, z.ZodType>)
    .catch({ ...defaults.causes }),
  quietHours: quietHoursSchema.nullable().catch(defaults.quietHours),
  followDesktopQuiet: z.boolean().catch(defaults.followDesktopQuiet),
  quickSeconds: quickSecondsSchema.catch(defaults.quickSeconds),
  hideDetails: hideDetailsSchema.catch(defaults.hideDetails),
});

export function readPreferences(settings: Settings): NotificationPreferences {
  return settings.read(PREFERENCES_SETTING, keptPreferencesSchema) ?? defaults;
}

export function writePreferences(settings: Settings, preferences: NotificationPreferences): void {
  settings.write(PREFERENCES_SETTING, preferences);
}

export function changed(
  preferences: NotificationPreferences,
  changes: NotificationChanges,
): NotificationPreferences {
  const { quietHours } = preferences;
  return {
    enabled: changes.enabled ?? preferences.enabled,
    causes: { ...preferences.causes, ...changes.causes },
    quietHours: changes.quietHours === undefined ? quietHours : changes.quietHours,
    followDesktopQuiet: changes.followDesktopQuiet ?? preferences.followDesktopQuiet,
    quickSeconds: changes.quickSeconds ?? preferences.quickSeconds,
    hideDetails: changes.hideDetails ?? preferences.hideDetails,
  };
}

/** Milliseconds since the epoch; null if nothing was snoozed. */
export function readSnooze(settings: Settings): number | null {
  return settings.read(SNOOZE_SETTING, z.number());
}

export function writeSnooze(settings: Settings, untilMs: number | null): void {
  if (untilMs === null) settings.remove(SNOOZE_SETTING);
  else settings.write(SNOOZE_SETTING, untilMs);
}

/** The keys about which nothing is announced, from the settings of their account. */
export function readMutedKeys(settings: Settings): readonly string[] {
  return settings.read(MUTED_SETTING, z.array(idSchema)) ?? [];
}

export function writeMutedKeys(settings: Settings, keyIds: readonly string[]): void {
  settings.write(MUTED_SETTING, keyIds);
}
