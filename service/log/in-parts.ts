/** Rows of one transaction that only counts: some milliseconds of the event loop. */
const PART = 1_000;

export const inParts = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / PART) }, (_, part) =>
    items.slice(part * PART, (part + 1) * PART),
  );
