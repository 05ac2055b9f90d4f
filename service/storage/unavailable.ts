/** The database cannot be asked at the moment. Nothing is known to be wrong with what was asked; it may be asked again. */
export class DatabaseUnavailableError extends Error {
  constructor(cause: unknown) {
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : 'it does not answer';
    super(`the database is not available: ${reason}`, { cause });
  }
}
