import { language, locale } from '#shared/i18n/language';

/** Moments on this computer's clock. `Date` knows its time zone and its summer time. */

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Returns a time of day such as `22:00`, `daysLater` days after the day of `nowMs`, in milliseconds since the epoch. */
export function localMoment(nowMs: number, daysLater: number, timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysLater, hours, minutes).getTime();
}

/** Returns the day of the week, `daysLater` days after the day of `nowMs`; 0 is Sunday. */
export function localWeekday(nowMs: number, daysLater: number): number {
  const now = new Date(nowMs);
  // The day is taken at noon, because a time near midnight may not exist.
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysLater, 12).getDay();
}

/** Returns `14:02`. */
export function clockTime(ms: number): string {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Returns `14:02:11`. */
export function clockTimeWithSeconds(ms: number): string {
  return `${clockTime(ms)}:${two(new Date(ms).getSeconds())}`;
}

/** Returns `2026-01-15`, which is the same for all moments of one day. */
export function localDay(ms: number): string {
  const date = new Date(ms);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Returns `15 January`, in French `15 janvier`. */
export function dayInWords(ms: number): string {
  const day = new Date(ms).toLocaleDateString(locale(), { day: 'numeric', month: 'long' });
  // French says the first of a month as an ordinal, which `Intl` does not.
  return language() === 'fr' ? day.replace(/^1 /, '1er ') : day;
}
