/** Rows that one transaction of counts updates. First calls wait behind it, so that it is short. */
const COUNTS_PER_WRITE = 500;

/** Splits counts into parts of one transaction each. */
export function* partsOf<T>(counted: readonly T[]): Generator<readonly T[], void, undefined> {
  for (let start = 0; start < counted.length; start += COUNTS_PER_WRITE) {
    yield counted.slice(start, start + COUNTS_PER_WRITE);
  }
}
