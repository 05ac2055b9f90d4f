import { z } from 'zod';
import type { LocalDatabase } from './database';

const rowSchema = z.object({
  cursor: z.string().nullable(),
  generation: z.number(),
  in_snapshot: z.number(),
  last_sync_at: z.number().nullable(),
  log_complete_from: z.string().nullable(),
  audit_complete_from: z.string().nullable(),
});

export interface SyncState {
  /** The cursor up to which the change feed was applied; null asks for a snapshot. */
  readonly cursor: string | null;
  /** A number that grows with each snapshot. Rows of older generations are deleted when the snapshot is complete. */
  readonly generation: number;
  readonly inSnapshot: boolean;
  /** Milliseconds since the epoch. */
  readonly lastSyncAt: number | null;
  /** The id from which on the local log is complete. Empty if all of it is complete, null if nothing is known. */
  readonly logCompleteFrom: string | null;
  /** The id from which on the audit trail is complete, with the same special values. */
  readonly auditCompleteFrom: string | null;
}

export const FRESH_SYNC_STATE: SyncState = {
  cursor: null,
  generation: 0,
  inSnapshot: false,
  lastSyncAt: null,
  logCompleteFrom: null,
  auditCompleteFrom: null,
};

export class SyncStateStore {
  readonly #database: LocalDatabase;

  constructor(database: LocalDatabase) {
    this.#database = database;
  }

  read(): SyncState {
    const row = rowSchema.parse(this.#database.first('SELECT * FROM sync_state WHERE id = 1'));
    return {
      cursor: row.cursor,
      generation: row.generation,
      inSnapshot: row.in_snapshot === 1,
      lastSyncAt: row.last_sync_at,
      logCompleteFrom: row.log_complete_from,
      auditCompleteFrom: row.audit_complete_from,
    };
  }

  write(state: SyncState): void {
    this.#database.run(
      `UPDATE sync_state SET cursor = ?, generation = ?, in_snapshot = ?, last_sync_at = ?,
         log_complete_from = ?, audit_complete_from = ? WHERE id = 1`,
      [
        state.cursor,
        state.generation,
        state.inSnapshot ? 1 : 0,
        state.lastSyncAt,
        state.logCompleteFrom,
        state.auditCompleteFrom,
      ],
    );
  }
}
