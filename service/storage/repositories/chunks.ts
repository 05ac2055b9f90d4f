/** Rows of one statement. Building and running a longer one would keep calls waiting for some milliseconds. */
const ROWS_PER_STATEMENT = 100;

/** Yields the rows in chunks of one statement each. */
export function* chunksOf<T>(rows: readonly T[]): Generator<T[], void, undefined> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    yield rows.slice(start, start + ROWS_PER_STATEMENT);
  }
}
