import { type AuditFilter, auditSearchTextOf } from '#shared/domain/audit-filter';
import { type AuditEvent, auditEventSchema } from '#shared/domain/entities';
import { searchNeedleOf } from '#shared/domain/attempt-filter';
import type { LocalDatabase } from './database';
import { type ListWindow, readWindow } from './list-window';

/** The number of events of the audit trail that are kept on this computer. The service has the rest. */
export const KEPT_AUDIT_EVENTS = 5_000;
/** The number of surplus events before some are deleted, so that not every new one costs a deletion. */
const TRIM_SLACK = 250;

/** The newest events of the account's audit trail, in the order of their ids. Events never change. */
export class AuditStore {
  readonly #database: LocalDatabase;
  readonly #kept: number;

  constructor(database: LocalDatabase, kept = KEPT_AUDIT_EVENTS) {
    this.#database = database;
    this.#kept = kept;
  }

  count(): number {
    return Number(this.#database.first('SELECT count(*) AS n FROM audit')?.['n'] ?? 0);
  }

  /** Returns true if the event is new. A known one is confirmed for this generation. */
  put(event: AuditEvent, generation: number): boolean {
    const confirmed = this.#database.run('UPDATE audit SET generation = ? WHERE id = ?', [
      generation,
      event.id,
    ]);
    if (confirmed > 0) return false;
    this.#database.run(
      'INSERT INTO audit (id, generation, actor_kind, search, body) VALUES (?, ?, ?, ?, ?)',
      [event.id, generation, event.actor.kind, auditSearchTextOf(event), JSON.stringify(event)],
    );
    return true;
  }

  /** Deletes events from `from` on that the last complete snapshot does not have: they are of another trail. */
  sweep(from: string, generation: number): void {
    this.#database.run('DELETE FROM audit WHERE id >= ? AND generation < ?', [from, generation]);
  }

  /** Deletes the oldest events above the bound. Returns the oldest id that is left, or null if none were deleted. */
  trim(): string | null {
    if (this.count() <= this.#kept + TRIM_SLACK) return null;
    const oldest = this.#database.first('SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?', [
      this.#kept - 1,
    ])?.['id'];
    if (typeof oldest !== 'string') return null;
    this.#database.run('DELETE FROM audit WHERE id < ?', [oldest]);
    return oldest;
  }

  page(filter: AuditFilter, window: ListWindow): readonly AuditEvent[] {
    const needle = searchNeedleOf(filter.text);
    return readWindow(this.#database, 'audit', auditEventSchema, window, [
      ['actor_kind = ?', filter.actorKind],
      ['instr(search, ?) > 0', needle === '' ? undefined : needle],
    ]);
  }
}
