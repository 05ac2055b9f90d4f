/** Rows of one transaction that only counts. Addresses that are first seen meanwhile wait for it. */
const COUNTS_PER_WRITE = 500;

/** Cuts what was counted into the parts that are written in one transaction each. */
export function* partsOf<T>(counted: readonly T[]): Generator<readonly T[], void, undefined> {
  for (let start = 0; start < counted.length; start += COUNTS_PER_WRITE) {
    yield counted.slice(start, start + COUNTS_PER_WRITE);
  }
}
