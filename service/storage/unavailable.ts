/** The database does not answer now. Nothing is known to be wrong with the request, so it may be repeated. */
export class DatabaseUnavailableError extends Error {
  /** @param reason the cause in words that anybody may read */
  constructor(
    cause: unknown,
    readonly reason = 'it does not answer',
  ) {
    const detail = cause instanceof Error && cause.message !== '' ? cause.message : reason;
    super(`the database is not available: ${detail}`, { cause });
  }
}
