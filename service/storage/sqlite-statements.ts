import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type Database from 'libsql';
import type { SqliteHealth } from './sqlite-failure';
import { storable } from './storable';

/**
 * How much text of statements is kept prepared. It is some thousand short ones; of those with hundreds of values, whose
 * number varies, only the newest.
 */
const KEPT_CHARACTERS = 256 * 1024;

/** Statements that read and write rows and leave the schema as it is; everything else may change what these mean. */
const KEEPS_SCHEMA = /^\s*(select|with|insert|update|delete|begin|commit|rollback|savepoint|release)\b/i;

/** After a full disk SQLite has rolled back by itself; that there is nothing left to roll back is no second failure. */
const isRolledBack = (text: string, error: unknown): boolean =>
  text === 'rollback' && error instanceof Error && error.message.includes('no transaction is active');

interface StatementOptions {
  /** Characters of statements that are kept. */
  readonly keptCharacters?: number;
  /** Called right after each commit. */
  readonly onCommit?: () => void;
}

const prepare = (
  database: Database.Database,
  health: SqliteHealth,
  text: string,
  onCommit: () => void,
): SqliteStatement => {
  const statement = health.run(() => database.prepare(text));
  return {
    reader: statement.reader,
    // Read to its end: a statement that stopped half way would keep its transaction open.
    all: (parameters) => health.run(() => statement.all(parameters.map(storable))),
    run: (parameters) => {
      try {
        const result = health.run(() => statement.run(parameters.map(storable)));
        if (text === 'commit') onCommit();
        return result;
      } catch (error) {
        if (isRolledBack(text, error)) return { changes: 0, lastInsertRowid: 0 };
        throw error;
      }
    },
    iterate: () => {
      throw new Error('A statement is kept for whoever asks next, so its rows cannot be read one by one.');
    },
  };
};

/**
 * The database as Kysely uses it: given only what it can keep, its failures told apart, and each statement prepared
 * once, which costs about as much as running it. The least recently used ones are let go. Kysely runs one statement
 * after the other over its one connection, so none is asked for while it is under way.
 */
export const keepingStatements = (
  database: Database.Database,
  health: SqliteHealth,
  { keptCharacters = KEPT_CHARACTERS, onCommit = () => undefined }: StatementOptions = {},
): SqliteDatabase => {
  /** In the order of their last use. */
  const kept = new Map<string, SqliteStatement>();
  let characters = 0;
  const keep = (text: string, statement: SqliteStatement): void => {
    kept.set(text, statement);
    characters += text.length;
    for (const oldest of kept.keys()) {
      if (characters <= keptCharacters) return;
      kept.delete(oldest);
      characters -= oldest.length;
    }
  };
  const forgetAll = (): void => {
    kept.clear();
    characters = 0;
  };
  return {
    prepare: (text) => {
      const known = kept.get(text);
      if (known !== undefined) {
        kept.delete(text);
        kept.set(text, known);
        return known;
      }
      const statement = prepare(database, health, text, onCommit);
      if (KEEPS_SCHEMA.test(text)) keep(text, statement);
      else forgetAll();
      return statement;
    },
    close: () => {
      forgetAll();
      database.close();
    },
  };
};
