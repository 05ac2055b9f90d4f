import { DAY_SECONDS, HOUR_SECONDS } from '#shared/durations';
import type { Duration } from '../stores/ui';

export const DURATIONS: readonly {
  readonly value: Duration;
  readonly seconds: number | null;
}[] = [
  { value: 'hour', seconds: HOUR_SECONDS },
  { value: 'day', seconds: DAY_SECONDS },
  { value: 'week', seconds: 7 * DAY_SECONDS },
  { value: 'forever', seconds: null },
];

export function secondsOf(duration: Duration): number | null {
  return DURATIONS.find(({ value }) => value === duration)?.seconds ?? null;
}

export function isDuration(value: string): value is Duration {
  return DURATIONS.some((duration) => duration.value === value);
}
