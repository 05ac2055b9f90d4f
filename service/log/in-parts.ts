import { othersFirst } from '../breather';
import type { Count } from '../storage/repositories/counts';
import type { WriteContext } from '../storage/writer';

/** Rows of one transaction that only counts: all other writes wait for it. */
const PART = 100;

/** Rows of one statement: a third of a millisecond of the event loop, where they lie far apart in a large table. */
const STATEMENT = 16;

/** Takes the items some at a time, and lets everybody else have their turn before each part. */
export const inParts = async <T>(
  items: readonly T[],
  take: (part: readonly T[]) => Promise<void>,
): Promise<void> => {
  for (let start = 0; start < items.length; start += PART) {
    await othersFirst();
    await take(items.slice(start, start + PART));
  }
};

/** Writes the counts of one transaction, and lets calls be answered between its statements. */
export const writeCounts = async (
  { tx, breathe }: Pick<WriteContext, 'tx' | 'breathe'>,
  table: keyof WriteContext['tx']['counts'],
  counts: readonly Count[],
): Promise<void> => {
  for (let start = 0; start < counts.length; start += STATEMENT) {
    await breathe();
    await tx.counts[table](counts.slice(start, start + STATEMENT));
  }
};
