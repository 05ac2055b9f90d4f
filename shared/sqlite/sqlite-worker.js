import { parentPort, workerData } from 'node:worker_threads';
import Database from 'libsql';

/**
 * Body of a thread with one connection to an SQLite database, which runs the statements of `SqliteThread` in order. It is
 * plain JavaScript because Node loads the file itself: from the sources in tests, beside the bundle in the product.
 * @typedef {import('./sqlite-thread').SqliteThreadOptions} Options
 * @typedef {import('./sqlite-thread').SqliteStatement} Request
 * @typedef {import('./sqlite-thread').SqliteReply} Reply
 */

/** Limit for waiting for another program's lock. */
const BUSY_TIMEOUT_MS = 500;

/** Characters of statements that stay prepared, the least recently used ones dropped first. */
const KEPT_CHARACTERS = 256 * 1024;

/** Other statements may change the schema, and with it the meaning of prepared ones. */
const KEEPS_SCHEMA = /^\s*(select|with|insert|update|delete)\b/i;

const { file, access } = /** @type {Options} */ (workerData);

function open() {
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  if (access === 'read') database.exec('PRAGMA query_only = ON');
  // Keeps the order of last use.
  const prepared = new Map();
  let preparedCharacters = 0;
  let isInTransaction = false;
  const dataVersion = database.prepare('PRAGMA data_version').raw();
  /** @type {unknown} */
  let ownDataVersion;

  /** @param {string} sql */
  function prepare(sql) {
    let statement = prepared.get(sql);
    if (statement !== undefined) {
      prepared.delete(sql);
      prepared.set(sql, statement);
      return statement;
    }
    statement = database.prepare(sql);
    if (statement.reader) statement.raw();
    if (!KEEPS_SCHEMA.test(sql)) {
      prepared.clear();
      preparedCharacters = 0;
      return statement;
    }
    prepared.set(sql, statement);
    preparedCharacters += sql.length;
    for (const oldest of prepared.keys()) {
      if (preparedCharacters <= KEPT_CHARACTERS) break;
      prepared.delete(oldest);
      preparedCharacters -= oldest.length;
    }
    return statement;
  }

  /**
   * Takes SQLite's write lock, which the writer keeps between transactions, so that no other program can write. It is free
   * between a commit and this call. `data_version` then shows a foreign commit, because it changes only with commits of other
   * connections (https://www.sqlite.org/pragma.html#pragma_data_version).
   */
  function lock() {
    if (database.inTransaction) return;
    database.exec('BEGIN IMMEDIATE');
    const [version] = /** @type {unknown[]} */ (dataVersion.get());
    ownDataVersion ??= version;
    if (version === ownDataVersion) return;
    database.exec('ROLLBACK');
    throw Object.assign(new Error('another program has written to the file'), { code: 'OVERTAKEN' });
  }

  function begin() {
    if (access === 'write') lock();
    else database.exec('BEGIN');
    isInTransaction = true;
  }

  /** @param {'COMMIT' | 'ROLLBACK'} how */
  function end(how) {
    isInTransaction = false;
    // SQLite rolls back by itself after a full disk.
    if (how === 'COMMIT' || database.inTransaction) database.exec(how);
    if (access === 'read') return;
    try {
      lock();
    } catch {
      // The next transaction tries again and gets the error.
    }
  }

  /** @param {Request} request @returns {Reply} */
  function run({ sql, parameters }) {
    switch (sql) {
      case 'begin':
        begin();
        return {};
      case 'commit':
        end('COMMIT');
        return {};
      case 'rollback':
        end('ROLLBACK');
        return {};
    }
    // Outside the transaction the statement would be kept whatever becomes of the others.
    if (isInTransaction && !database.inTransaction) throw new Error('the transaction has ended already');
    const statement = prepare(sql);
    if (!statement.reader) return statement.run(parameters);
    // Reads all rows, because an unfinished statement would keep its transaction open.
    const rows = statement.all(parameters);
    return { columns: statement.columns().map((/** @type {{ name: string }} */ { name }) => name), rows };
  }

  function close() {
    try {
      if (database.inTransaction) database.exec('ROLLBACK');
      if (access === 'write') database.pragma('journal_mode = DELETE');
    } catch {
      // WAL mode stays if another program reads the file or it is damaged. The next start goes on with the log.
    }
    database.close();
  }

  return { run, close };
}

/** @type {ReturnType<typeof open> | undefined} */
let connection;

parentPort?.on('message', (/** @type {Request | 'close'} */ message) => {
  if (message === 'close') {
    connection?.close();
    parentPort?.close();
    return;
  }
  /** @type {Reply} */
  let reply;
  try {
    connection ??= open();
    reply = connection.run(message);
  } catch (error) {
    const { message: text, code } = /** @type {Error & { code?: unknown }} */ (error);
    reply = { failure: { message: text, code: typeof code === 'string' ? code : undefined } };
  }
  parentPort?.postMessage(reply);
});
