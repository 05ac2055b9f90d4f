import { isUndecided } from '#shared/domain/outbox';
import type { QueuedOperation } from '../outbox/queued-operation';
import type { JournalReading } from './outbox-journal';

/** The code of an operation that was rescued from damage and waits for a person. */
export const RESCUED_CODE = 'rescued';

/**
 * Returns the outbox from the database and the journal.
 *
 * The journal decides: it is written first, and is on disk before a person is told that a change is kept. The database may lack
 * the last moments after a power cut, and is missing (`rows` is null) after damage. A damaged journal may lack the line that
 * takes an operation back, so it does not override a readable database, and operations that only it knows are held for a person.
 */
export function rescueOutbox(
  rows: readonly QueuedOperation[] | null,
  journal: JournalReading,
): readonly QueuedOperation[] {
  const inRows = new Map((rows ?? []).map((queued) => [queued.operation.id, queued]));
  const intact = journal.damagedLines === 0;
  const operations = new Map<string, QueuedOperation>();
  for (const queued of inRows.values()) {
    const { id } = queued.operation;
    const isKept = queued.state.kind === 'done' || !intact || !journal.dropped.has(id);
    if (isKept) operations.set(id, queued);
  }
  for (const written of journal.live) {
    const { id } = written.operation;
    const row = inRows.get(id);
    if (row === undefined) operations.set(id, intact ? written : askAgain(written));
    else if (intact && row.state.kind !== 'done') {
      const attempts = Math.max(row.attempts, written.attempts);
      operations.set(id, { ...written, attempts, lastError: row.lastError });
    }
  }
  return [...operations.values()].map(unanswered).sort((a, b) => a.position - b.position);
}

/** Sending again is safe, because the service remembers ids. */
function unanswered(queued: QueuedOperation): QueuedOperation {
  return queued.state.kind === 'inflight' ? { ...queued, state: { kind: 'pending' } } : queued;
}

function askAgain(queued: QueuedOperation): QueuedOperation {
  return isUndecided(queued.state)
    ? queued
    : {
        ...queued,
        state: {
          kind: 'held',
          code: RESCUED_CODE,
          detail: '',
          current: null,
        },
      };
}
