import type { Kysely, Selectable } from 'kysely';
import { actorSchema, type AuditEvent } from '#shared/domain/entities';
import { isoTime } from '../../runtime/clock';
import type { AuditTable, Schema } from '../schema';
import { chunksOf } from './chunks';
import { pageBy, type Page, type PageRequest } from './page';

export type AuditRow = Selectable<AuditTable>;

export function auditEventOf(row: AuditRow): AuditEvent {
  return {
    id: row.id,
    at: isoTime(row.at),
    actor: actorSchema.parse(JSON.parse(row.actor)),
    via: row.via,
    action: row.action,
    target: row.target,
    before: JSON.parse(row.before) as unknown,
    after: JSON.parse(row.after) as unknown,
    operationId: row.operation_id,
  };
}

export function auditRepository(db: Kysely<Schema>) {
  return {
    insertAll: async (rows: readonly AuditRow[]): Promise<void> => {
      for (const chunk of chunksOf(rows)) await db.insertInto('audit').values(chunk).execute();
    },

    page: (accountId: string, request: PageRequest): Promise<Page<AuditRow>> =>
      pageBy(request, (before, limit) => {
        let query = db.selectFrom('audit').selectAll().where('account_id', '=', accountId);
        if (before !== undefined) query = query.where('id', '<', before);
        return query.orderBy('id', 'desc').limit(limit).execute();
      }),
  };
}
