import type { Kysely, Selectable } from 'kysely';
import type { Mode } from '#shared/domain/entities';
import type { LearningState } from '../../enforcement/learning';
import type { AccountsTable, Schema } from '../schema';

export type AccountRow = Selectable<AccountsTable>;

export function accountsRepository(db: Kysely<Schema>) {
  return {
    all: (): Promise<AccountRow[]> => db.selectFrom('accounts').selectAll().execute(),

    get: (accountId: string): Promise<AccountRow> =>
      db.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirstOrThrow(),

    insert: async (row: AccountRow): Promise<void> => {
      await db.insertInto('accounts').values(row).execute();
    },

    /** Reserves `count` sequence numbers of the account's change feed and returns the last of them. */
    reserveSeq: async (accountId: string, count: number): Promise<number> => {
      const { seq } = await db
        .updateTable('accounts')
        .set((eb) => ({ seq: eb('seq', '+', count) }))
        .where('id', '=', accountId)
        .returning('seq')
        .executeTakeFirstOrThrow();
      return seq;
    },

    /** Sets the mode. Learning starts afresh; the other modes forget its times. */
    setMode: async (accountId: string, mode: Mode): Promise<void> => {
      await db
        .updateTable('accounts')
        .set({ mode, learning_started_at: null, learning_last_new_at: null })
        .where('id', '=', accountId)
        .execute();
    },

    setReportOnly: async (accountId: string, reportOnly: boolean): Promise<void> => {
      await db
        .updateTable('accounts')
        .set({ report_only: reportOnly ? 1 : 0 })
        .where('id', '=', accountId)
        .execute();
    },

    updateSettings: async (
      accountId: string,
      settings: Pick<AccountRow, 'name' | 'ipv4_grant_prefix' | 'ipv6_grant_prefix'>,
    ): Promise<void> => {
      const { name, ipv4_grant_prefix, ipv6_grant_prefix } = settings;
      await db
        .updateTable('accounts')
        .set({ name, ipv4_grant_prefix, ipv6_grant_prefix })
        .where('id', '=', accountId)
        .execute();
    },

    setLearning: async (accountId: string, learning: LearningState, seq: number): Promise<void> => {
      await db
        .updateTable('accounts')
        .set({
          learning_started_at: learning.startedAt,
          learning_last_new_at: learning.lastNewAddressAt,
          changed_seq: seq,
        })
        .where('id', '=', accountId)
        .execute();
    },

    /** Counts changes of policy and gives the account's row the sequence number `seq`. */
    raiseRevision: async (accountId: string, changes: number, seq: number): Promise<void> => {
      await db
        .updateTable('accounts')
        .set((eb) => ({ revision: eb('revision', '+', changes), changed_seq: seq }))
        .where('id', '=', accountId)
        .execute();
    },
  };
}
