import { z } from 'zod';
import type { LocalDatabase } from './database';

const syncStateSchema = z.object({
  /** The cursor up to which the change feed was applied; null asks for a snapshot. */
  cursor: z.string().nullable(),
  /** A number that grows with each snapshot. Rows of older generations are deleted when the snapshot is complete. */
  generation: z.number(),
  inSnapshot: z.number().transform((flag) => flag === 1),
  /** Milliseconds since the epoch. */
  lastSyncAt: z.number().nullable(),
  /** The id from which on the local log is complete. Empty if all of it is complete, null if nothing is known. */
  logCompleteFrom: z.string().nullable(),
  /** The id from which on the audit trail is complete, with the same special values. */
  auditCompleteFrom: z.string().nullable(),
});
export type SyncState = Readonly<z.infer<typeof syncStateSchema>>;

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
    return syncStateSchema.parse(
      this.#database.first(
        `SELECT cursor, generation, in_snapshot AS inSnapshot, last_sync_at AS lastSyncAt,
           log_complete_from AS logCompleteFrom, audit_complete_from AS auditCompleteFrom FROM sync_state WHERE id = 1`,
      ),
    );
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
