import { DAY_MS, HOUR_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import { formatDateTime } from '../ui/format';

/** End of a range. `kept` is its present end. */
export type Expiry = 'kept' | 'never' | 'hour' | 'day' | 'week' | 'month' | 'custom';

/** The fields of a form for the end of a range. */
export interface ExpiryChoice {
  readonly expiry: Expiry;
  /** Local time of a date-and-time field, for `custom`. */
  readonly custom: string;
  /** Present end of the range; null if it has none. */
  readonly kept: string | null;
}

export function expiryAt(expiresAt: string | null): ExpiryChoice {
  return {
    expiry: expiresAt === null ? 'never' : 'kept',
    custom: '',
    kept: expiresAt,
  };
}

const LENGTH_MS = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
} as const;

interface ExpiryOption {
  readonly value: Expiry;
  readonly label: string;
}

const EXPIRIES = ['never', 'hour', 'day', 'week', 'month', 'custom'] as const;

/** Lists the choices. The present end of the range comes first. */
export function expiryOptions({ kept }: ExpiryChoice, nowMs: number): readonly ExpiryOption[] {
  const others = EXPIRIES.map((value) => ({ value, label: t(`forms.expiry_${value}`) }));
  if (kept === null) return others;
  const moment = formatDateTime(kept);
  const isOver = Date.parse(kept) <= nowMs;
  return [
    { value: 'kept', label: isOver ? t('forms.endedOn', { moment }) : t('forms.endsOn', { moment }) },
    ...others,
  ];
}

export function isExpiry(value: string): value is Expiry {
  return value === 'kept' || EXPIRIES.some((each) => each === value);
}

/** Returns the moment at which the range ends; null if it never does. */
export function expiresAtOf({ expiry, custom, kept }: ExpiryChoice, nowMs: number): string | null {
  if (expiry === 'never') return null;
  if (expiry === 'kept') return kept;
  if (expiry === 'custom') return new Date(custom).toISOString();
  return new Date(nowMs + LENGTH_MS[expiry]).toISOString();
}

/** Returns true if two ends are the same moment, however they are written. */
export function isSameEnd(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && Date.parse(a) === Date.parse(b));
}

/** Returns true if the choice differs from the given end. A choice that counts from now always does. */
export function endsOtherwise({ expiry, custom, kept }: ExpiryChoice, expiresAt: string | null): boolean {
  if (expiry === 'never') return expiresAt !== null;
  if (expiry === 'kept') return !isSameEnd(kept, expiresAt);
  return expiry !== 'custom' || !isSameEnd(custom, expiresAt);
}

/** Returns a problem if summer time skips the chosen local time, which `Date` would silently read as a later one. */
export function skippedTimeProblem({ expiry, custom }: ExpiryChoice): string | null {
  if (expiry !== 'custom') return null;
  const at = new Date(custom);
  const isSkipped = !Number.isNaN(at.getTime()) && !custom.startsWith(localText(at));
  return isSkipped ? t('forms.timeSkipped') : null;
}

/** Formats to the minute, as a date-and-time field does. */
function localText(at: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const date = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Returns the reason why the chosen end is not possible, or null. */
export function expiryProblem(choice: ExpiryChoice, nowMs: number): string | null {
  const { expiry, custom, kept } = choice;
  if (expiry !== 'custom' && expiry !== 'kept') return null;
  const atMs = Date.parse(expiry === 'kept' ? (kept ?? '') : custom);
  if (Number.isNaN(atMs)) return t('forms.chooseTime');
  const skipped = skippedTimeProblem(choice);
  if (skipped !== null) return skipped;
  return atMs <= nowMs ? t('forms.timePassed') : null;
}
