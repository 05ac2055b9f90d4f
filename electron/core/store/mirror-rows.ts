import type { z } from 'zod';
import { accountSchema, keySchema, rangeSchema, reviewSchema } from '#shared/domain/entities';
import { sourceSchema } from '#shared/domain/source';
import { parseJson } from '../text';
import type { LocalDatabase } from './database';

/** The entities of the account that the local store keeps, besides the log. */
export const mirrorSchemas = {
  account: accountSchema,
  range: rangeSchema,
  review: reviewSchema,
  key: keySchema,
  source: sourceSchema,
} as const satisfies Record<string, z.ZodType>;

export type MirrorKind = keyof typeof mirrorSchemas;
export type MirrorValue<K extends MirrorKind> = z.infer<(typeof mirrorSchemas)[K]>;

export interface MirrorRow<K extends MirrorKind> {
  readonly value: MirrorValue<K>;
  readonly generation: number;
}

/** The account's entities as JSON rows, each with the last generation that named it. */
export class MirrorRows {
  readonly #database: LocalDatabase;

  constructor(database: LocalDatabase) {
    this.#database = database;
  }

  /**
   * Reads all rows of a kind. `complete` is false if a row does not fit the schema, because another version wrote it; the caller
   * then has to fetch a snapshot.
   */
  read<K extends MirrorKind>(
    kind: K,
  ): { readonly rows: readonly MirrorRow<K>[]; readonly complete: boolean } {
    const rows: MirrorRow<K>[] = [];
    let complete = true;
    for (const row of this.#database.all('SELECT generation, body FROM mirror WHERE kind = ?', [kind])) {
      const parsed = mirrorSchemas[kind].safeParse(parseJson(row['body']));
      if (parsed.success) {
        rows.push({ value: parsed.data as MirrorValue<K>, generation: Number(row['generation']) });
      } else complete = false;
    }
    return { rows, complete };
  }

  put<K extends MirrorKind>(kind: K, id: string, row: MirrorRow<K>): void {
    this.#database.run(
      `INSERT INTO mirror (kind, id, generation, body) VALUES (?, ?, ?, ?)
         ON CONFLICT (kind, id) DO UPDATE SET generation = excluded.generation, body = excluded.body`,
      [kind, id, row.generation, JSON.stringify(row.value)],
    );
  }

  remove(kind: MirrorKind, id: string): void {
    this.#database.run('DELETE FROM mirror WHERE kind = ? AND id = ?', [kind, id]);
  }
}
