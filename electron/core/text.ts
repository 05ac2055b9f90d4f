/** The ISO 8601 text of a moment in milliseconds since the epoch, in UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** The message of something thrown, which need not be an error. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
