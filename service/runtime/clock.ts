/** The service's only source of time, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Returns ISO 8601 in UTC with milliseconds, as everywhere in the API. */
export const isoTime = (epochMs: number): string => new Date(epochMs).toISOString();

export const isoTimeOrNull = (epochMs: number | null): string | null =>
  epochMs === null ? null : isoTime(epochMs);

/** Reads an ISO time that a schema has already accepted. */
export const epochMsOf = (iso: string): number => Date.parse(iso);
