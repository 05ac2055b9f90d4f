import type { Cause } from '#shared/ipc/notifications';
import type { LocalDatabase } from './database';

/**
 * The reason why a subject needs no announcement. `baseline`: it was there at the first connection; `single` and `summary`: it
 * was announced; `held`: it waits for the end of quiet.
 */
export type AnnouncedHow = 'baseline' | 'single' | 'summary' | 'held';

/** Announced and held subjects by cause. They are kept over restarts, so that nothing is announced twice. */
export class AnnouncedStore {
  readonly #database: LocalDatabase;
  /** A copy in memory, because it is read with each change of the mirror. */
  readonly #causes = new Map<string, Map<string, string>>();

  constructor(database: LocalDatabase) {
    this.#database = database;
    for (const row of database.all('SELECT cause, subject, how FROM announcements')) {
      this.#of(String(row['cause'])).set(String(row['subject']), String(row['how']));
    }
  }

  /** Returns true if the subject needs no announcement any more. */
  has(cause: Cause, subject: string): boolean {
    const how = this.#of(cause).get(subject);
    return how !== undefined && how !== 'held';
  }

  isHeld(cause: Cause, subject: string): boolean {
    return this.#of(cause).get(subject) === 'held';
  }

  subjects(cause: Cause): Iterable<string> {
    return this.#of(cause).keys();
  }

  add(cause: Cause, subjects: readonly string[], how: AnnouncedHow, atMs: number): void {
    this.#database.transaction(() => {
      for (const subject of subjects) {
        this.#database.run(
          `INSERT INTO announcements (cause, subject, how, at) VALUES (?, ?, ?, ?)
             ON CONFLICT (cause, subject) DO UPDATE SET how = excluded.how, at = excluded.at`,
          [cause, subject, how, atMs],
        );
      }
    });
    const known = this.#of(cause);
    for (const subject of subjects) known.set(subject, how);
  }

  /** Forgets the subjects, so that they may be announced again. */
  remove(cause: Cause, subjects: readonly string[]): void {
    this.#database.transaction(() => {
      for (const subject of subjects) {
        this.#database.run('DELETE FROM announcements WHERE cause = ? AND subject = ?', [cause, subject]);
      }
    });
    const known = this.#of(cause);
    for (const subject of subjects) known.delete(subject);
  }

  /** Writes the copy in memory to disk, after the disk has lost a part of it. */
  rewrite(): void {
    this.#database.transaction(() => {
      for (const [cause, subjects] of this.#causes) {
        for (const [subject, how] of subjects) {
          this.#database.run(
            `INSERT INTO announcements (cause, subject, how, at)
               VALUES (?, ?, ?, CAST(strftime('%s', 'now') AS INTEGER) * 1000)
               ON CONFLICT (cause, subject) DO UPDATE SET how = excluded.how`,
            [cause, subject, how],
          );
        }
      }
    });
  }

  /** Forgets subjects that are older than `beforeMs`, unless they can come again. */
  prune(beforeMs: number, canComeAgain: (cause: string, subject: string) => boolean): void {
    const old = this.#database.all('SELECT cause, subject FROM announcements WHERE at < ?', [beforeMs]);
    this.#database.transaction(() => {
      for (const row of old) {
        const [cause, subject] = [String(row['cause']), String(row['subject'])];
        if (canComeAgain(cause, subject)) continue;
        this.#database.run('DELETE FROM announcements WHERE cause = ? AND subject = ?', [cause, subject]);
        this.#of(cause).delete(subject);
      }
    });
  }

  #of(cause: string): Map<string, string> {
    const known = this.#causes.get(cause) ?? new Map<string, string>();
    this.#causes.set(cause, known);
    return known;
  }
}
