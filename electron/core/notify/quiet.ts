import { HOUR_MS } from '#shared/durations';
import type { NotificationPreferences, Quiet, QuietHours, Snooze } from '#shared/ipc/notifications';
import { localMoment, localWeekday } from './local-time';

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
export function snoozeEndMs(snooze: Snooze, nowMs: number): number {
  return snooze === 'hour' ? nowMs + HOUR_MS : localMoment(nowMs, 1, MORNING);
}

/** Returns the end of the quiet hours that contain this moment, in milliseconds since the epoch; null outside of them. */
export function quietHoursEndMs(hours: QuietHours, nowMs: number): number | null {
  // Yesterday's quiet hours may reach past midnight.
  for (const day of [-1, 0]) {
    const { fromMs, toMs } = spanOf(hours, nowMs, day);
    if (begins(hours, nowMs, day) && fromMs <= nowMs && nowMs < toMs) return toMs;
  }
  return null;
}

/** Returns the next beginning of quiet hours after this moment, in milliseconds since the epoch. */
export function quietHoursStartMs(hours: QuietHours, nowMs: number): number {
  for (let day = 0; day <= 7; day += 1) {
    const { fromMs } = spanOf(hours, nowMs, day);
    if (begins(hours, nowMs, day) && fromMs > nowMs) return fromMs;
  }
  return Infinity;
}

function begins({ days }: QuietHours, nowMs: number, day: number): boolean {
  return days.includes(localWeekday(nowMs, day));
}

function spanOf({ from, to }: QuietHours, nowMs: number, day: number) {
  const endsOn = from < to ? day : day + 1;
  return { fromMs: localMoment(nowMs, day, from), toMs: localMoment(nowMs, endsOn, to) };
}
