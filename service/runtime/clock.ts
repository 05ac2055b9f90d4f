/** The service's only source of time, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Returns ISO 8601 in UTC with milliseconds, as everywhere in the API. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function isoTimeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : isoTime(epochMs);
}

/** Reads an ISO time that a schema has already accepted. */
export function epochMsOf(iso: string): number {
  return Date.parse(iso);
}
