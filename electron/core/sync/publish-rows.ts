import type { Attempt, AuditEvent } from '#shared/domain/entities';
import type { Publisher } from '../ports';

/** A window takes this many rows without a pause. */
const MOST_ROWS_AN_EVENT = 300;

/** Tells the windows of new and changed rows of the log, newest first, in portions. */
export function publishAttempts(publisher: Publisher, attempts: readonly Attempt[]): void {
  for (const items of portions(attempts)) publisher.publish('log', 'changed', { items });
}

/** Tells the windows of new events of the audit trail, likewise. */
export function publishAudit(publisher: Publisher, events: readonly AuditEvent[]): void {
  for (const items of portions(events)) publisher.publish('audit', 'added', { items });
}

/** Tells the windows that rows of log and trail may be gone, or in an earlier state: they load them again. */
export function publishAnew(publisher: Publisher): void {
  publisher.publish('log', 'replaced', {});
  publisher.publish('audit', 'replaced', {});
}

function* portions<T extends { readonly id: string }>(rows: readonly T[]): Generator<T[]> {
  const newestFirst = rows.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  for (let start = 0; start < newestFirst.length; start += MOST_ROWS_AN_EVENT) {
    yield newestFirst.slice(start, start + MOST_ROWS_AN_EVENT);
  }
}
