/** The database cannot be asked at the moment. Nothing is known to be wrong with what was asked; it may be asked again. */
export class DatabaseUnavailableError extends Error {
  /** @param reason why, in words that may be told to anybody who asks */
  constructor(
    cause: unknown,
    readonly reason = 'it does not answer',
  ) {
    const detail = cause instanceof Error && cause.message !== '' ? cause.message : reason;
    super(`the database is not available: ${detail}`, { cause });
  }
}
