import { othersFirst } from '../breather';

/** Rows of one transaction that only counts: about a millisecond of the event loop. */
const PART = 100;

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
