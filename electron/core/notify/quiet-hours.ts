import type { QuietHours } from '#shared/ipc/notifications';
import { localMoment, localWeekday } from './local-time';

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

const begins = ({ days }: QuietHours, nowMs: number, day: number): boolean =>
  days.includes(localWeekday(nowMs, day));

function spanOf({ from, to }: QuietHours, nowMs: number, day: number) {
  const endsOn = from < to ? day : day + 1;
  return { fromMs: localMoment(nowMs, day, from), toMs: localMoment(nowMs, endsOn, to) };
}
