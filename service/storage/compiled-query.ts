import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Schema } from './schema';

type Db = Kysely<Schema>;

/** Placeholder for a value in a compiled query. */
class Place {
  readonly row: number;
  readonly name: string;

  constructor(row: number, name: string) {
    this.row = row;
    this.name = name;
  }
}

/** The query builder passes placeholders through to the parameters like any other value. */
const placesLike = (values: object, row: number): object =>
  Object.fromEntries(Object.keys(values).map((name) => [name, new Place(row, name)]));

const valueAt = (rows: readonly object[], { row, name }: Place): unknown => {
  const value = (rows[row] as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (value === undefined) throw new Error(`a compiled query lacks ${name}`);
  return value;
};

const run = <R>(db: Db, template: CompiledQuery<R>, rows: readonly object[]): Promise<QueryResult<R>> => {
  const parameters = template.parameters.map((parameter) =>
    parameter instanceof Place ? valueAt(rows, parameter) : parameter,
  );
  return db.executeQuery({ ...template, parameters });
};

/** Compiles a query once for each dialect and number of rows. */
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
 * Returns a query that is built and compiled on first use, for hot statements whose building costs more than their run. The
 * text must not depend on the values: `build` must not look at them, and nullable values must not be compared with `=`. All
 * calls must pass values of the same names.
 */
export const compiledOnce = <V extends object, R>(
  build: (db: Db, values: V) => Compilable<R>,
): ((db: Db, values: V) => Promise<QueryResult<R>>) => {
  const templateFor = createTemplates((db, [values]: V[]) => build(db, values as V));
  return async (db, values) => run(db, templateFor(db, [values]), [values]);
};

/** Rows in one statement, the most first. Few different numbers mean few statements, which stay prepared. */
const ROW_COUNTS = [64, 16, 4, 1] as const;

/** Returns a compiled query over any number of rows, in as few statements as possible, one after the other. */
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
