/** The ISO 8601 text of a moment in milliseconds since the epoch, in UTC. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** The same; null where there is no such moment. */
export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}

/** The message of something thrown, which need not be an error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The value of a JSON text from elsewhere; undefined when it is none. */
export function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
