import { z } from 'zod';
import { actorSchema, auditEventSchema } from '../domain/entities';
import { call, type CallGroup, type EventGroup } from './call';

/** A filter of the audit trail. Fields combine with "and"; an absent field does not filter. */
export const auditFilterSchema = z.strictObject({
  actorKind: actorSchema.shape.kind.optional(),
  /** Searched in actor, action, target, and all values before and after. */
  text: z.string().max(200).optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

export const auditPageSchema = z.object({
  items: z.array(auditEventSchema),
  nextCursor: z.string().nullable(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;

export const auditCalls = {
  page: call(
    z.strictObject({
      filter: auditFilterSchema,
      cursor: z.string().max(100).nullable(),
      limit: z.int().min(1).max(500),
    }),
    auditPageSchema,
  ),
} as const satisfies CallGroup;

export const auditEvents = {
  /** New events, newest first, at most a few hundred at a time. */
  added: z.object({ items: z.array(auditEventSchema) }),
  /** Events may be gone, so windows load them again. */
  replaced: z.object({}),
} as const satisfies EventGroup;
