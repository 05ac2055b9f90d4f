import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Schema } from './schema';

type Db = Kysely<Schema>;

/** Stands in a compiled query for a value that each use brings along. */
class Place {
  readonly row: number;
  readonly name: string;

  constructor(row: number, name: string) {
    this.row = row;
    this.name = name;
  }
}

/** To the builder a place is a value like any other, which it hands through to the parameters. */
const placesLike = (values: object, row: number): object =>
  Object.fromEntries(Object.keys(values).map((name) => [name, new Place(row, name)]));

const valueAt = (rows: readonly object[], { row, name }: Place): unknown => {
  const value = (rows[row] as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (value === undefined) throw new Error(`a compiled query lacks ${name}`);
  return value;
};

/** Runs a compiled query with the values of these rows. */
const run = <R>(db: Db, template: CompiledQuery<R>, rows: readonly object[]): Promise<QueryResult<R>> => {
  const parameters = template.parameters.map((parameter) =>
    parameter instanceof Place ? valueAt(rows, parameter) : parameter,
  );
  return db.executeQuery({ ...template, parameters });
};

/** Compiles what `build` makes, once for each dialect and number of rows. */
const createTemplates = <V extends object, R>(build: (db: Db, rows: V[]) => Compilable<R>) => {
  const byDialect = new WeakMap<object, Map<number, CompiledQuery<R>>>();
  return (db: Db, rows: readonly V[]): CompiledQuery<R> => {
    const dialect = db.getExecutor().adapter.constructor;
    let byCount = byDialect.get(dialect);
    if (byCount === undefined) {
      byCount = new Map<number, CompiledQuery<R>>();
      byDialect.set(dialect, byCount);
    }
    let template = byCount.get(rows.length);
    if (template === undefined) {
      template = build(db, rows.map(placesLike) as V[]).compile();
      byCount.set(rows.length, template);
    }
    return template;
  };
};

/**
 * A query that is built and compiled with its first use, and from then on only given its values: for hot statements,
 * where building costs more than running. Its text must not depend on the values, nor `build` look at them; so what may
 * be null is not to be compared with `=`. All values of a query have the same names.
 */
export const compiledOnce = <V extends object, R>(
  build: (db: Db, values: V) => Compilable<R>,
): ((db: Db, values: V) => Promise<QueryResult<R>>) => {
  const templateFor = createTemplates((db, [values]: V[]) => build(db, values as V));
  return async (db, values) => run(db, templateFor(db, [values]), [values]);
};

/** Rows of one statement, the most first. With few numbers of rows there are few texts, which stay prepared. */
const ROW_COUNTS = [64, 16, 4, 1] as const;

/** The same for a query over any number of rows, as few statements as that takes, one after the other. */
export const compiledForRows = <V extends object, R>(
  build: (db: Db, rows: V[]) => Compilable<R>,
): ((db: Db, rows: readonly V[]) => Promise<R[]>) => {
  const templateFor = createTemplates(build);
  return async (db, rows) => {
    const results: R[] = [];
    let start = 0;
    for (const count of ROW_COUNTS) {
      for (; rows.length - start >= count; start += count) {
        const chunk = rows.slice(start, start + count);
        results.push(...(await run(db, templateFor(db, chunk), chunk)).rows);
      }
    }
    return results;
  };
};
