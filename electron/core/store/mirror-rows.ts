import type { z } from 'zod';
import { accountSchema, keySchema, rangeSchema, reviewSchema } from '#shared/domain/entities';
import { parseJson } from '../text';
import type { LocalDatabase } from './database';

/** What the local store keeps of the account, beside its log. */
export const mirrorSchemas = {
  account: accountSchema,
  range: rangeSchema,
  review: reviewSchema,
  key: keySchema,
} as const satisfies Record<string, z.ZodType>;

export type MirrorKind = keyof typeof mirrorSchemas;
export type MirrorValue<K extends MirrorKind> = z.infer<(typeof mirrorSchemas)[K]>;

export interface MirrorRow<K extends MirrorKind> {
  readonly value: MirrorValue<K>;
  readonly generation: number;
}

/** The entities of the account as JSON rows with the generation that last named them. */
export class MirrorRows {
  readonly #database: LocalDatabase;

  constructor(database: LocalDatabase) {
    this.#database = database;
  }

  /**
   * All rows of a kind, parsed again: what another version wrote need not fit. `complete` is false when one did not,
   * and the caller has to fetch a snapshot.
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
