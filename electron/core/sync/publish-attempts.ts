import type { Attempt } from '#shared/domain/entities';
import type { Publisher } from '../ports';

/** A window takes this many rows without a pause. */
const MOST_ROWS_AN_EVENT = 300;

/** Tells the windows of new and changed rows of the log, newest first, in portions. */
export function publishAttempts(publisher: Publisher, attempts: readonly Attempt[]): void {
  const newestFirst = attempts.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  for (let start = 0; start < newestFirst.length; start += MOST_ROWS_AN_EVENT) {
    publisher.publish('log', 'changed', { items: newestFirst.slice(start, start + MOST_ROWS_AN_EVENT) });
  }
}
