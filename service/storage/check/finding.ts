import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Schema } from '../schema';

/** What breaks an invariant: how many rows, and the first of them. */
export interface Breach {
  readonly total: number;
  readonly examples: readonly string[];
}

/** Something that always holds in a database which only the service has written. */
export interface Invariant {
  /** What is wrong where it does not hold. */
  readonly sentence: string;
  readonly breach: (db: Kysely<Schema>) => Promise<Breach>;
}

/** An invariant that does not hold. */
export interface Finding extends Breach {
  readonly sentence: string;
}

export const NONE: Breach = { total: 0, examples: [] };

const MOST_EXAMPLES = 3;

/** Returns an invariant that the rows of a query break. The query selects what a row is called as `name`. */
export function noRows(sentence: string, query: RawBuilder<{ name: string }>): Invariant {
  return {
    sentence,
    breach: async (db) => {
      const { rows } = await sql<{ name: string; total: number }>`
        SELECT name, count(*) OVER () AS total FROM (${query}) AS broken ORDER BY name LIMIT ${sql.lit(MOST_EXAMPLES)}
      `.execute(db);
      return { total: rows[0]?.total ?? 0, examples: rows.map(({ name }) => name) };
    },
  };
}

/** Collects the rows that break an invariant while they are read one by one. */
export class BreachCount implements Breach {
  total = 0;
  readonly examples: string[] = [];

  add(name: string): void {
    this.total += 1;
    if (this.examples.length < MOST_EXAMPLES) this.examples.push(name);
  }
}

/** Returns the sentence of a finding with how many rows and the first of them. */
export function textOf({ sentence, total, examples }: Finding): string {
  const names = examples.join(', ');
  return total > examples.length
    ? `${sentence} (${total} times, such as ${names})`
    : `${sentence} (${names})`;
}
