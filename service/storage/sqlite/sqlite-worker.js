import { parentPort, workerData } from 'node:worker_threads';
import Database from 'libsql';

/**
 * The body of a thread that has one connection to an SQLite database and runs the statements that `SqliteThread` sends, in their
 * order. It is plain JavaScript because Node starts it as it is: in tests from the sources, in the product beside the bundle.
 *
 * @typedef {import('./sqlite-thread').SqliteThreadOptions} Options
 * @typedef {import('./sqlite-thread').SqliteStatement} Request
 * @typedef {import('./sqlite-thread').SqliteReply} Reply
 */

/** SQLite waits this long for a lock of another program. */
const BUSY_TIMEOUT_MS = 500;

/** Text of statements that stay prepared: some thousand short ones, and of those with hundreds of values the newest. */
const KEPT_CHARACTERS = 256 * 1024;

/** Statements that leave the schema as it is. Any other may change what the prepared ones mean. */
const KEEPS_SCHEMA = /^\s*(select|with|insert|update|delete)\b/i;

const { file, access } = /** @type {Options} */ (workerData);

function open() {
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  if (access === 'read') database.exec('PRAGMA query_only = ON');
  // In the order of their last use.
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
   * Takes SQLite's one lock for writing. The writer keeps it between its transactions, so that no other program can write.
   * Between a commit and this, one can. `data_version` tells: it changes with each commit of another connection alone
   * (https://www.sqlite.org/pragma.html#pragma_data_version).
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
    // After a full disk SQLite has rolled back by itself.
    if (how === 'COMMIT' || database.inTransaction) database.exec(how);
    if (access === 'read') return;
    try {
      lock();
    } catch {
      // The next transaction tries again, and is told.
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
    // It would be kept whatever becomes of the others.
    if (isInTransaction && !database.inTransaction) throw new Error('the transaction has ended already');
    const statement = prepare(sql);
    if (!statement.reader) return statement.run(parameters);
    // Read to its end: a statement that stopped half way would keep its transaction open.
    const rows = statement.all(parameters);
    return { columns: statement.columns().map((/** @type {{ name: string }} */ { name }) => name), rows };
  }

  function close() {
    try {
      if (database.inTransaction) database.exec('ROLLBACK');
      if (access === 'write') database.pragma('journal_mode = DELETE');
    } catch {
      // A database at rest is one whole file, but for one that another program reads now or that is damaged. The next start goes
      // on with its log.
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
