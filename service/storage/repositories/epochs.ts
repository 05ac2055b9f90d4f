import { randomUUID } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema';
import { DatabaseUnavailableError } from '../unavailable';

/** Remembered epochs. A cursor of an older one gets a snapshot. */
const KEPT_EPOCHS = 200;

/** How a database is told from its copies. */
export interface DatabaseIdentity {
  /** An SQL expression. Another value means a restored copy. */
  readonly expression: string;
  /** Number of foreign keys of the whole database. Undefined where nothing is restored under a running service. */
  readonly foreignKeys?: number;
}

/** An SQLite database begins an epoch with each start, so that nothing else has to tell copies apart. */
export const SQLITE_IDENTITY: DatabaseIdentity = { expression: "''" };

/**
 * Names this run of the server and this file of a table, because no restore brings both back: a copied data folder or a
 * standby needs another run, pg_restore and psql make another file. A needless difference only begins a needless epoch.
 */
export const POSTGRES_IDENTITY =
  "concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()), pg_relation_filepath('epochs'))";

/** Counts the foreign keys, as a number. */
export const COUNT_FOREIGN_KEYS = `SELECT count(*)::int AS count FROM pg_constraint
  WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`;

/** Selects the current epoch. `max(number)` would take longer to plan. */
export const LATEST_EPOCH = 'SELECT id, identity FROM epochs ORDER BY number DESC LIMIT 1';

/**
 * An epoch is a part of the database's history in which nothing can have been lost and replaced. Each start begins one, and
 * so does the first write after a restore under running services. With a sequence number it names one moment: a copy either
 * does not know the epoch, or knows at which number it ended (docs/behaviour.md 4.13.4).
 */
export function epochsRepository(db: Kysely<Schema>, { expression, foreignKeys }: DatabaseIdentity) {
  return {
    /** A restore makes foreign keys last. @throws DatabaseUnavailableError while it is under way. */
    requireWhole: async (): Promise<void> => {
      if (foreignKeys === undefined) return;
      const { rows } = await sql.raw<{ readonly count: number }>(COUNT_FOREIGN_KEYS).execute(db);
      if ((rows[0]?.count ?? 0) >= foreignKeys) return;
      throw new DatabaseUnavailableError(undefined, { reason: 'beingRestored' });
    },

    /**
     * Resolves with the id of the current epoch.
     * @throws DatabaseUnavailableError for a restored copy that no service has written to: it may be incomplete, and the next
     * write to it begins another epoch.
     */
    current: async (): Promise<string> => {
      const latest = `SELECT id FROM (${LATEST_EPOCH}) AS latest WHERE identity = ${expression}`;
      const { rows } = await sql.raw<{ readonly id: string }>(latest).execute(db);
      const [row] = rows;
      if (row === undefined) {
        throw new DatabaseUnavailableError(undefined, { reason: 'restored' });
      }
      return row.id;
    },

    /** Resolves with the feed's head at the end of an ended epoch, or undefined if the database does not know that end. */
    endOf: async (accountId: string, epochId: string): Promise<number | undefined> => {
      const next = await db
        .selectFrom('epochs')
        .innerJoin('epoch_starts as later', (join) => join.onRef('later.epoch', '>', 'epochs.number'))
        .select('later.seq')
        .where('epochs.id', '=', epochId)
        .where('later.account_id', '=', accountId)
        .orderBy('later.epoch')
        .limit(1)
        .executeTakeFirst();
      return next?.seq;
    },

    /** Begins an epoch and resolves with its id. No other write may run beside the transaction. */
    begin: async (): Promise<string> => {
      const last = await db
        .selectFrom('epochs')
        .select(({ fn }) => fn.max('number').as('number'))
        .executeTakeFirst();
      const number = (last?.number ?? 0) + 1;
      const id = randomUUID();
      await db
        .insertInto('epochs')
        .values({ number, id, identity: sql.raw<string>(expression) })
        .execute();
      await db
        .insertInto('epoch_starts')
        .columns(['epoch', 'account_id', 'seq'])
        .expression((eb) => eb.selectFrom('accounts').select([eb.lit(number).as('epoch'), 'id', 'seq']))
        .execute();
      await db
        .deleteFrom('epochs')
        .where('number', '<=', number - KEPT_EPOCHS)
        .execute();
      await db
        .deleteFrom('epoch_starts')
        .where('epoch', '<=', number - KEPT_EPOCHS)
        .execute();
      return id;
    },
  };
}
