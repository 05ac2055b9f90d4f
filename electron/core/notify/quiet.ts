import type { NotificationPreferences, Quiet, Snooze } from '#shared/ipc/notifications';
import { HOUR_MS } from '#shared/durations';
import { localMoment } from './local-time';
import { quietHoursEndMs, quietHoursStartMs } from './quiet-hours';

/** When the day begins of somebody who wants to hear nothing until tomorrow. */
const MORNING = '08:00';

/** Everything that can ask for quiet. */
export interface Pauses {
  readonly preferences: NotificationPreferences;
  /** Milliseconds since the epoch; null when nothing is snoozed. */
  readonly snoozedUntilMs: number | null;
  /** Whether the desktop has "do not disturb" on. */
  readonly isDesktopQuiet: boolean;
}

export interface QuietNow {
  readonly reason: Quiet['reason'];
  /** Milliseconds since the epoch; null where nobody knows. */
  readonly untilMs: number | null;
}

/** Why nothing is shown at this moment, or null. */
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

/** The next moment at which time alone may begin or end quiet, in milliseconds since the epoch; or Infinity. */
export function nextQuietChangeMs(nowMs: number, { preferences, snoozedUntilMs }: Pauses): number {
  const { quietHours } = preferences;
  const snoozeMs = snoozedUntilMs !== null && snoozedUntilMs > nowMs ? snoozedUntilMs : Infinity;
  if (quietHours === null) return snoozeMs;
  return Math.min(snoozeMs, quietHoursEndMs(quietHours, nowMs) ?? quietHoursStartMs(quietHours, nowMs));
}

/** Until when a snooze lasts that begins now, in milliseconds since the epoch. */
export const snoozeEndMs = (snooze: Snooze, nowMs: number): number =>
  snooze === 'hour' ? nowMs + HOUR_MS : localMoment(nowMs, 1, MORNING);
