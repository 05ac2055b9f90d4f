import type { NotificationPreferences, Quiet, Snooze } from '#shared/ipc/notifications';
import { HOUR_MS } from '#shared/durations';
import { localMoment } from './local-time';
import { quietHoursEndMs, quietHoursStartMs } from './quiet-hours';

/** The time of day at which a pause "until tomorrow" ends. */
const MORNING = '08:00';

export interface Pauses {
  readonly preferences: NotificationPreferences;
  /** Milliseconds since the epoch; null if nothing is snoozed. */
  readonly snoozedUntilMs: number | null;
  /** True while the desktop's "do not disturb" is on. */
  readonly isDesktopQuiet: boolean;
}

export interface QuietNow {
  readonly reason: Quiet['reason'];
  /** Milliseconds since the epoch; null if the end is not known. */
  readonly untilMs: number | null;
}

/** Returns the reason why nothing is shown at this moment, or null. */
export function quietAt(
  nowMs: number,
  { preferences, snoozedUntilMs, isDesktopQuiet }: Pauses,
): QuietNow | null {
  const { enabled, quietHours, followDesktopQuiet } = preferences;
  if (!enabled) return { reason: 'off', untilMs: null };
  if (snoozedUntilMs !== null && nowMs < snoozedUntilMs)
    return { reason: 'snoozed', untilMs: snoozedUntilMs };
  const untilMs = quietHours === null ? null : quietHoursEndMs(quietHours, nowMs);
  if (untilMs !== null) return { reason: 'quiet_hours', untilMs };
  return followDesktopQuiet && isDesktopQuiet ? { reason: 'desktop', untilMs: null } : null;
}

/** Returns the next moment at which time alone may begin or end quiet, in milliseconds since the epoch, or Infinity. */
export function nextQuietChangeMs(nowMs: number, { preferences, snoozedUntilMs }: Pauses): number {
  const { quietHours } = preferences;
  const snoozeMs = snoozedUntilMs !== null && snoozedUntilMs > nowMs ? snoozedUntilMs : Infinity;
  if (quietHours === null) return snoozeMs;
  return Math.min(snoozeMs, quietHoursEndMs(quietHours, nowMs) ?? quietHoursStartMs(quietHours, nowMs));
}

/** Returns the end of a snooze that begins now, in milliseconds since the epoch. */
export const snoozeEndMs = (snooze: Snooze, nowMs: number): number =>
  snooze === 'hour' ? nowMs + HOUR_MS : localMoment(nowMs, 1, MORNING);
