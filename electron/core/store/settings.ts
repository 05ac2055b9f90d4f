import type { z } from 'zod';
import { parseJson } from '../text';
import type { LocalDatabase } from './database';

/** JSON values by name, which may be lost with the store. */
export class Settings {
  readonly #database: LocalDatabase;

  constructor(database: LocalDatabase) {
    this.#database = database;
  }

  /** Returns the value, or null if there is none or it does not fit the schema. */
  read<T>(name: string, schema: z.ZodType<T>): T | null {
    const text = this.#database.first('SELECT value FROM settings WHERE name = ?', [name])?.['value'];
    const parsed = schema.safeParse(parseJson(text));
    return parsed.success ? parsed.data : null;
  }

  /**
   * Writes what a person has set.
   *
   * @throws Error of the disk if the value could not be stored.
   */
  write(name: string, value: unknown): void {
    this.#database.durably(() => this.note(name, value));
  }

  /** @throws Error of the disk if the removal could not be stored. */
  remove(name: string): void {
    this.#database.durably(() => {
      this.#database.run('DELETE FROM settings WHERE name = ?', [name]);
    });
  }

  /** Writes what the program notes for itself. It stays in memory while the disk takes nothing. */
  note(name: string, value: unknown): void {
    this.#database.run(
      'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      [name, JSON.stringify(value)],
    );
  }
}
