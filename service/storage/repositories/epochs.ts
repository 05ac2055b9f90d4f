import { randomUUID } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { Schema } from '../schema';
import { DatabaseUnavailableError } from '../unavailable';

/** Epochs that are remembered. A cursor of an older one gets a snapshot. */
const KEPT_EPOCHS = 200;

/** Where the database is, as an expression of SQL. Where it is another place than it was, it is a restored copy. */
export type DatabaseIdentity = string;

/** One start of the service owns the database, and begins an epoch of its own: there is nothing to be told apart by place. */
export const ONE_PLACE: DatabaseIdentity = "''";

/** The epoch under way, as SQL. The maximum of the numbers would take longer to plan than to find. */
export const LATEST_EPOCH = 'SELECT id, place FROM epochs ORDER BY number DESC LIMIT 1';

/**
 * An epoch is a stretch of the database's history that cannot have been lost in part and gone on in another way. Each
 * start of the service begins one, and so does the first write after a restore that nobody was stopped for. Together
 * with a sequence number it names a moment of one history: a copy of the database either has never heard of the epoch,
 * or knows at which number it ended.
 */
export const epochsRepository = (db: Kysely<Schema>, place: DatabaseIdentity) => ({
  /**
   * The epoch under way.
   *
   * @throws DatabaseUnavailableError for a copy that was put in the place of another database and that nobody has written
   * to since: it may still be incomplete, and what is written to it next is no part of this epoch.
   */
  current: async (): Promise<string> => {
    const latest = `SELECT id FROM (${LATEST_EPOCH}) AS latest WHERE place = ${place}`;
    const { rows } = await sql.raw<{ readonly id: string }>(latest).execute(db);
    const [row] = rows;
    if (row === undefined) {
      throw new DatabaseUnavailableError(undefined, 'it was restored, and no service has taken it up yet');
    }
    return row.id;
  },

  /** How far the account's feed came in an epoch that is over. Undefined when the database does not know it as that. */
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

  /** Begins an epoch, in a transaction that nobody else writes beside. Returns its id. */
  begin: async (): Promise<string> => {
    const last = await db
      .selectFrom('epochs')
      .select(({ fn }) => fn.max('number').as('number'))
      .executeTakeFirst();
    const number = (last?.number ?? 0) + 1;
    const id = randomUUID();
    await db
      .insertInto('epochs')
      .values({ number, id, place: sql.raw<string>(place) })
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
});
