import fc from 'fast-check';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
} from 'kysely';
import { describe, expect, it } from 'vitest';
import { compiledForRows, compiledOnce } from '#service/storage/compiled-query';
import type { Schema } from '#service/storage/schema';

type Asked = Pick<CompiledQuery, 'sql' | 'parameters'>;

/** Notes what it is asked, and has no rows. */
class NotingDriver extends DummyDriver {
  readonly #asked: Asked[];

  constructor(asked: Asked[]) {
    super();
    this.#asked = asked;
  }

  override acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve({
      executeQuery: ({ sql: text, parameters }) => {
        this.#asked.push({ sql: text, parameters });
        return Promise.resolve({ rows: [] });
      },
      streamQuery: () => {
        throw new Error('nothing is streamed here');
      },
    });
  }
}

const DIALECTS = {
  SQLite: {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  PostgreSQL: {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
} as const;

const databaseOf = (name: keyof typeof DIALECTS) => {
  const asked: Asked[] = [];
  const db = new Kysely<Schema>({
    dialect: { ...DIALECTS[name], createDriver: () => new NotingDriver(asked) },
  });
  return { db, asked };
};

interface Row {
  readonly name: string;
  readonly value: string;
}

const row: fc.Arbitrary<Row> = fc.record({ name: fc.string(), value: fc.string() });

describe.each(['SQLite', 'PostgreSQL'] as const)('a compiled query for %s', (dialect) => {
  const add = compiledForRows((db, rows: Row[]) => db.insertInto('meta').values(rows));
  const find = compiledOnce((db, { name, after }: { name: string; after: string | null }) =>
    db.selectFrom('meta').selectAll().where('name', '=', name).where('value', '>', after).limit(7),
  );

  it('asks what the builder would have asked, with the values of each use', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string(), fc.option(fc.string()))), async (uses) => {
        const { db, asked } = databaseOf(dialect);
        for (const [name, after] of uses) await find(db, { name, after });
        expect(asked).toEqual(
          uses.map(([name, after]) => {
            const query = db
              .selectFrom('meta')
              .selectAll()
              .where('name', '=', name)
              .where('value', '>', after)
              .limit(7)
              .compile();
            return { sql: query.sql, parameters: query.parameters };
          }),
        );
      }),
    );
  });

  it('takes any number of rows in their order, in few statements of few texts', async () => {
    const texts = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 150 }), async (rows) => {
        const { db, asked } = databaseOf(dialect);
        await add(db, rows);
        expect(asked.flatMap(({ parameters }) => parameters)).toEqual(
          rows.flatMap(({ name, value }) => [name, value]),
        );
        expect(asked.length).toBeLessThanOrEqual(Math.floor(rows.length / 64) + 9);
        for (const { sql: text } of asked) texts.add(text);
      }),
    );
    expect(texts.size).toBeLessThanOrEqual(4);
  });

  it('refuses to run without one of its values', async () => {
    const { db, asked } = databaseOf(dialect);
    const raise = compiledOnce((own, { by }: { by: number | undefined }) => ({
      compile: () => sql`UPDATE meta SET value = value + ${by}`.compile(own),
    }));
    await raise(db, { by: 1 });
    await expect(raise(db, { by: undefined })).rejects.toThrow('lacks by');
    expect(asked).toHaveLength(1);
  });
});
