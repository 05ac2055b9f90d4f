import type { Actor, AuditEvent } from './entities';

/** Which events of the audit trail are wanted. Fields combine with "and"; an absent field does not filter. */
export interface AuditFilter {
  readonly actorKind?: Actor['kind'] | undefined;
  /** Looked for, without regard to case, in who did it, what, and everything that it says of before and after. */
  readonly text?: string | undefined;
}

/** What `text` is looked for in. A local store keeps it beside the row, so that both ways of filtering agree. */
export const auditSearchTextOf = ({ actor, via, action, target, before, after }: AuditEvent): string =>
  [actor.name, via, action, target, ...leaves(before), ...leaves(after)].join('\n').toLowerCase();

/** Whether the event is one of those that the filter lets through. */
export function auditMatches({ actorKind, text = '' }: AuditFilter, event: AuditEvent): boolean {
  if (actorKind !== undefined && actorKind !== event.actor.kind) return false;
  const needle = text.trim().toLowerCase();
  return needle === '' || auditSearchTextOf(event).includes(needle);
}

/** The texts and numbers in a value, without the names of its fields: nobody looks for those. */
function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leaves);
}
