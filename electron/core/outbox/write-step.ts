import type { LocalDatabase } from '../store/database';
import type { JournalNote, OutboxJournal } from '../store/outbox-journal';
import type { OutboxRows } from '../store/outbox-rows';
import type { QueuedOperation } from './queued-operation';
import type { OperationTable } from './operation-table';

/** Where the outbox is written down. */
export interface OutboxDisk {
  readonly database: LocalDatabase;
  readonly rows: OutboxRows;
  readonly journal: OutboxJournal;
}

/** One change of the outbox, as a whole or not at all. */
export interface Step {
  /** Written down as a whole. */
  readonly put?: readonly QueuedOperation[];
  /** Only attempts, last error and state are new. */
  readonly progress?: readonly QueuedOperation[];
  readonly drop?: readonly string[];
  /** For the journal alone. */
  readonly notes?: readonly JournalNote[];
}

/** Notes beyond the edits themselves before the journal is written anew. */
const JOURNAL_SLACK = 2_000;

/** Writes a step down: in the journal first, then in the database, then in memory. One that fails has not happened. */
export function writeStep(
  { database, rows, journal }: OutboxDisk,
  table: OperationTable,
  { put = [], progress = [], drop = [], notes = [] }: Step,
): void {
  journal.append([
    ...put.map((entry): JournalNote => ({ put: entry })),
    ...(drop.length === 0 ? [] : [{ drop: [...drop] }]),
    ...notes,
  ]);
  try {
    database.transaction(() => {
      for (const entry of put) rows.put(entry);
      for (const entry of progress) rows.putProgress(entry);
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

/** Writes the journal anew, without the notes that came and went. */
function tidyUp(database: LocalDatabase, journal: OutboxJournal, table: OperationTable): void {
  try {
    // The journal is about to forget what was taken back: a power cut must not bring that back from the database.
    database.settle();
    journal.rewrite([...table.values()].filter(({ state }) => state.kind !== 'done'));
  } catch {
    // It is only longer than it need be, and the step has happened. The next one tries again.
  }
}

/** Nobody was told that it happened, so the journal must not know better at the next start. */
function takeBack(
  journal: OutboxJournal,
  table: OperationTable,
  put: readonly QueuedOperation[],
  drop: readonly string[],
): void {
  const ids = [...put.map(({ operation }) => operation.id), ...drop];
  const unknown = ids.filter((id) => table.get(id) === undefined);
  journal.append([
    ...ids.flatMap((id) => table.get(id) ?? []).map((entry): JournalNote => ({ put: entry })),
    ...(unknown.length === 0 ? [] : [{ drop: unknown }]),
  ]);
}
