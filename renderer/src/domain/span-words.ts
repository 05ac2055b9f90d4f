import { t } from '#shared/i18n/t';
import { formatShortMoment } from '../ui/format';

/** A time in milliseconds since the epoch; the end is not part of it. */
export interface Span {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** `Any time`, `Since 14:02`, `Until 14:02`, `23 Nov, 14:02 – 16:30` or `23 Nov, 14:02 – 09:30 today`. */
export function spanWords({ fromMs, toMs }: Span, nowMs: number): string {
  if (fromMs === null) {
    return toMs === null ? t('times.anyTime') : t('times.until', { moment: momentWords(toMs, nowMs) });
  }
  if (toMs === null) return t('times.since', { moment: momentWords(fromMs, nowMs) });
  const [from, to] = [momentWords(fromMs, nowMs), momentWords(toMs, nowMs)];
  if (isSameDay(fromMs, toMs)) return t('times.span', { from, to: momentWords(toMs, toMs) });
  return t(isSameDay(toMs, nowMs) ? 'times.spanToToday' : 'times.span', { from, to });
}

function isSameDay(aMs: number, bMs: number): boolean {
  return new Date(aMs).toDateString() === new Date(bMs).toDateString();
}

export function momentWords(ms: number, nowMs: number): string {
  return formatShortMoment(new Date(ms).toISOString(), nowMs);
}
