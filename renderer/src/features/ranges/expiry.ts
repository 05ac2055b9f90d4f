/** When a new range ends. */
export type Expiry = 'never' | 'hour' | 'day' | 'week' | 'month' | 'custom';

const HOUR_MS = 3_600_000;
const LENGTH_MS = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
} as const;

export const EXPIRIES: readonly { readonly value: Expiry; readonly label: string }[] = [
  { value: 'never', label: 'Never' },
  { value: 'hour', label: 'In 1 hour' },
  { value: 'day', label: 'In 1 day' },
  { value: 'week', label: 'In 7 days' },
  { value: 'month', label: 'In 30 days' },
  { value: 'custom', label: 'At a time of my own…' },
];

export const isExpiry = (value: string): value is Expiry => EXPIRIES.some((entry) => entry.value === value);

/** The moment at which the range ends, or null. `custom` is the local time of a date-and-time field. */
export function expiresAtOf(expiry: Expiry, custom: string, nowMs: number): string | null {
  if (expiry === 'never') return null;
  if (expiry === 'custom') return new Date(custom).toISOString();
  return new Date(nowMs + LENGTH_MS[expiry]).toISOString();
}

/** Why the chosen time cannot be; null when it can. */
export function expiryProblem(expiry: Expiry, custom: string, nowMs: number): string | null {
  if (expiry !== 'custom') return null;
  const atMs = Date.parse(custom);
  if (Number.isNaN(atMs)) return 'Choose a date and a time.';
  return atMs <= nowMs ? 'This time has passed.' : null;
}
