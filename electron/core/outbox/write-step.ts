import type { LocalDatabase } from '../store/database';
import type { JournalNote, OutboxJournal } from '../store/outbox-journal';
import type { OutboxRows } from '../store/outbox-rows';
import type { QueuedOperation } from './queued-operation';
import type { OperationTable } from './operation-table';

/** The database and the journal in which the outbox is written. */
export interface OutboxDisk {
  readonly database: LocalDatabase;
  readonly rows: OutboxRows;
  readonly journal: OutboxJournal;
}

/** One change of the outbox, which is made as a whole or not at all. */
export interface Step {
  readonly put?: readonly QueuedOperation[];
  /** Operations of which only attempts, last error and state are new. */
  readonly progress?: readonly QueuedOperation[];
  readonly drop?: readonly string[];
  /** Notes for the journal only. */
  readonly notes?: readonly JournalNote[];
}

/** The number of surplus notes at which the journal is written anew. */
const JOURNAL_SLACK = 2_000;

/** Writes a step to the journal, then to the database, then to memory. A step that throws has not happened. */
export function writeStep(
  { database, rows, journal }: OutboxDisk,
  table: OperationTable,
  { put = [], progress = [], drop = [], notes = [] }: Step,
): void {
  journal.append([
    ...put.map((queued): JournalNote => ({ put: queued })),
    ...(drop.length === 0 ? [] : [{ drop: [...drop] }]),
    ...notes,
  ]);
  try {
    database.transaction(() => {
      for (const queued of put) rows.put(queued);
      for (const queued of progress) rows.putProgress(queued);
      for (const id of drop) rows.remove(id);
    });
  } catch (error) {
    takeBack(journal, table, put, drop);
    throw error;
  }
  for (const id of drop) table.drop(id);
  table.put([...put, ...progress]);
  if (journal.length > table.size + JOURNAL_SLACK) tidyUp(database, journal, table);
}

function tidyUp(database: LocalDatabase, journal: OutboxJournal, table: OperationTable): void {
  try {
    // The new journal no longer says what was taken back, so a power cut must not bring it back from the database.
    database.settle();
    journal.rewrite([...table.values()].filter(({ state }) => state.kind !== 'done'));
  } catch {
    // The step has happened, and the journal is only longer than it need be. The next step tries again.
  }
}

/** Cancels the notes of a failed step, so that the next start does not read them as done. */
function takeBack(
  journal: OutboxJournal,
  table: OperationTable,
  put: readonly QueuedOperation[],
  drop: readonly string[],
): void {
  const ids = [...put.map(({ operation }) => operation.id), ...drop];
  const unknown = ids.filter((id) => table.get(id) === undefined);
  journal.append([
    ...ids.flatMap((id) => table.get(id) ?? []).map((queued): JournalNote => ({ put: queued })),
    ...(unknown.length === 0 ? [] : [{ drop: unknown }]),
  ]);
}
