import { sentence, type ReasonValues, type Sentence } from '#shared/domain/sentence';

/** The database does not answer now. Nothing is known to be wrong with the request, so it may be repeated. */
export class DatabaseUnavailableError extends Error {
  /** The cause in words that anybody may read. */
  readonly said: Sentence;

  constructor(cause: unknown, reason: ReasonValues = { reason: 'silent' }) {
    const said = sentence('databaseAway', reason);
    super(
      cause instanceof Error && cause.message !== ''
        ? `The database is not available: ${cause.message}`
        : said.english,
      { cause },
    );
    this.said = said;
  }
}
