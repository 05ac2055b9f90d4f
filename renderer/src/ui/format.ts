import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import { locale, perLocale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';

const timeFormat = perLocale((locale) => new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }));
const minuteFormat = perLocale((locale) => new Intl.DateTimeFormat(locale, { timeStyle: 'short' }));
const dateFormat = perLocale((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
const dateTimeFormat = perLocale(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }),
);
const shortDateTimeFormat = perLocale(
  (locale) =>
    new Intl.DateTimeFormat(locale, { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' }),
);

/** `14:02:11` */
export function formatTime(iso: string): string {
  return timeFormat().format(new Date(iso));
}

/** `24 Nov 2026` */
export function formatDate(iso: string): string {
  return dateFormat().format(new Date(iso));
}

/** `24 Nov 2026, 14:02:11` */
export function formatDateTime(iso: string): string {
  return dateTimeFormat().format(new Date(iso));
}

function isSameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** `14:02` today, else `24 Nov 2026, 14:02:11`; for sentences such as "unreachable since …". */
export function formatMoment(iso: string, nowMs: number): string {
  const at = new Date(iso);
  return isSameDay(at, new Date(nowMs))
    ? minuteFormat().format(at)
    : t('times.onAnotherDay', { dateTime: dateTimeFormat().format(at) });
}

/** `at 14:02` today, else `at 24 Nov 2026, 14:02:11`; for sentences about what has happened. */
export function formatAtMoment(iso: string, nowMs: number): string {
  const at = new Date(iso);
  return isSameDay(at, new Date(nowMs))
    ? t('times.atTime', { time: minuteFormat().format(at) })
    : t('times.atDateTime', { dateTime: dateTimeFormat().format(at) });
}

/** `14:02` today, else `23 Nov, 14:02`; for narrow lines. */
export function formatShortMoment(iso: string, nowMs: number): string {
  const at = new Date(iso);
  return isSameDay(at, new Date(nowMs)) ? minuteFormat().format(at) : shortDateTimeFormat().format(at);
}

/** `14:02:11` today, else `23 Nov, 14:02`; for columns. */
export function formatLogTime(iso: string, nowMs: number): string {
  const at = new Date(iso);
  return isSameDay(at, new Date(nowMs)) ? timeFormat().format(at) : shortDateTimeFormat().format(at);
}

/** `just now`, `40 s ago`, `12 min ago`, `3 h ago`, `2 days ago`, then the date. Times ahead are just now: clocks differ. */
export function formatAgo(iso: string, nowMs: number): string {
  return formatPast(iso, nowMs - Date.parse(iso));
}

/** `in 40 min`, `in 3 h`, `in 12 days`, then the date; `now` if it is due. */
export function formatUntil(iso: string, nowMs: number): string {
  const inMs = Date.parse(iso) - nowMs;
  return inMs <= 0 ? t('times.now') : formatFuture(iso, inMs);
}

function formatPast(iso: string, agoMs: number): string {
  if (agoMs < 10 * SECOND_MS) return t('times.justNow');
  // Steps of ten seconds, because the window's clock ticks no finer.
  if (agoMs < MINUTE_MS) return t('times.secondsAgo', { number: Math.floor(agoMs / (10 * SECOND_MS)) * 10 });
  if (agoMs < HOUR_MS) return t('times.minutesAgo', { number: Math.floor(agoMs / MINUTE_MS) });
  if (agoMs < DAY_MS) return t('times.hoursAgo', { number: Math.floor(agoMs / HOUR_MS) });
  const days = Math.floor(agoMs / DAY_MS);
  if (days === 1) return t('times.yesterday');
  return days < 14 ? t('times.daysAgo', { count: days }) : formatDate(iso);
}

function formatFuture(iso: string, inMs: number): string {
  if (inMs < MINUTE_MS) return t('times.inLessThanAMinute');
  if (inMs < HOUR_MS) return t('times.inMinutes', { number: Math.round(inMs / MINUTE_MS) });
  if (inMs < 2 * DAY_MS) return t('times.inHours', { number: Math.round(inMs / HOUR_MS) });
  const days = Math.round(inMs / DAY_MS);
  return days <= 30 ? t('times.inDays', { count: days }) : t('times.onDate', { date: formatDate(iso) });
}

const UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
  ['second', SECOND_MS],
] as const;

/** `90 minutes`, `2 days`: an exact length in the largest unit of which it is a multiple. */
export function formatLength(seconds: number): string {
  const lengthMs = seconds * SECOND_MS;
  const [unit, unitMs] = UNITS.find(([, ms]) => lengthMs % ms === 0) ?? ['second', SECOND_MS];
  const format = new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(lengthMs / unitMs);
}

/** Returns the text with a capital at its start. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
