import { sql, type Kysely, type Updateable } from 'kysely';
import { reviewSubject } from '#shared/domain/review-subject';
import type { ReviewsTable, Schema } from '../schema';
import type { Migration } from './migration';

/**
 * Until this step each address of an IPv6 /64 had a review of its own. One of them now stands for all, and counts the
 * addresses of the others: the denial, where there is one, or else the oldest. Consoles learn of it from the feed.
 */
const mergeNetworks = async (db: Kysely<Schema>): Promise<void> => {
  const rows = await db
    .selectFrom('reviews')
    .select(['id', 'account_id', 'key_id', 'ip', 'status', 'count', 'last_at'])
    .where('standing', '=', 1)
    .where('ip_sort', '>', '6')
    .orderBy('id')
    .execute();
  const groups = new Map<string, typeof rows>();
  for (const row of rows) {
    const subject = `${row.account_id} ${row.key_id} ${reviewSubject(row.ip)}`;
    const group = groups.get(subject);
    if (group === undefined) groups.set(subject, [row]);
    else group.push(row);
  }
  const change = async (row: (typeof rows)[number], values: Updateable<ReviewsTable>): Promise<void> => {
    const { seq } = await db
      .updateTable('accounts')
      .set((eb) => ({ seq: eb('seq', '+', 1) }))
      .where('id', '=', row.account_id)
      .returning('seq')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('reviews')
      .set({ ...values, changed_seq: seq })
      .where('id', '=', row.id)
      .execute();
  };
  for (const group of groups.values()) {
    const kept = group.find(({ status }) => status === 'denied') ?? group[0];
    if (kept === undefined || group.length === 1) continue;
    await change(kept, {
      address_count: group.length,
      count: group.reduce((sum, { count }) => sum + count, 0),
      last_at: group.reduce((latest, row) => Math.max(latest, row.last_at), 0),
    });
    for (const row of group) {
      if (row.id === kept.id) continue;
      const settled = { status: 'superseded', decided_by: 'system', decided_at: row.last_at } as const;
      await change(row, { standing: 0, ...(row.status === 'pending' && settled) });
    }
  }
};

export const boundedReviews: Migration = {
  name: '0007-bounded-reviews',
  async apply(db) {
    const { schema } = db;
    await schema
      .alterTable('reviews')
      .addColumn('address_count', 'bigint', (c) => c.notNull().defaultTo(1))
      .execute();
    await schema
      .alterTable('reviews')
      .addColumn('callers', 'text', (c) => c.notNull().defaultTo('[]'))
      .execute();
    await schema
      .alterTable('reviews')
      .addColumn('overflow', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await sql`CREATE INDEX reviews_overflow ON reviews (account_id, key_id) WHERE overflow = 1`.execute(db);
    await mergeNetworks(db);
  },
};
