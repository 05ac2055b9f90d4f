/** The ISO 8601 text of a moment in milliseconds since the epoch, in UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** The same; null where there is no such moment. */
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

/** The message of something thrown, which need not be an error. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** The value of a JSON text from elsewhere; undefined when it is none. */
export function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
