import type { z } from 'zod';
import { parseJson } from '../text';
import type { LocalDatabase } from './database';

/** Small things that may be lost with the store: JSON values by name. */
export class Settings {
  readonly #database: LocalDatabase;

  constructor(database: LocalDatabase) {
    this.#database = database;
  }

  /** The value, or null when there is none or it is not what the schema asks for. */
  read<T>(name: string, schema: z.ZodType<T>): T | null {
    const text = this.#database.first('SELECT value FROM settings WHERE name = ?', [name])?.['value'];
    const parsed = schema.safeParse(parseJson(text));
    return parsed.success ? parsed.data : null;
  }

  /**
   * Writes what a person has set.
   *
   * @throws Error of the disk when it is not kept.
   */
  write(name: string, value: unknown): void {
    this.#database.durably(() => this.note(name, value));
  }

  /** Likewise. */
  remove(name: string): void {
    this.#database.durably(() => {
      this.#database.run('DELETE FROM settings WHERE name = ?', [name]);
    });
  }

  /** Writes what the program notes for itself. While the disk takes nothing it is in memory only. */
  note(name: string, value: unknown): void {
    this.#database.run(
      'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      [name, JSON.stringify(value)],
    );
  }
}
