import type { Actor, AuditEvent } from './entities';

/** A filter of the audit trail. Fields combine with "and"; an absent field does not filter. */
export interface AuditFilter {
  readonly actorKind?: Actor['kind'] | undefined;
  /** Searched in actor, action, target, and all values before and after, ignoring case. */
  readonly text?: string | undefined;
}

/** Returns the text in which a filter searches. The local store keeps it with the row, so that both ways of filtering agree. */
export function auditSearchTextOf({ actor, via, action, target, before, after }: AuditEvent): string {
  return [actor.name, via, action, target, ...leaves(before), ...leaves(after)].join('\n').toLowerCase();
}

export function auditMatches({ actorKind, text = '' }: AuditFilter, event: AuditEvent): boolean {
  if (actorKind !== undefined && actorKind !== event.actor.kind) return false;
  const needle = text.trim().toLowerCase();
  return needle === '' || auditSearchTextOf(event).includes(needle);
}

/** Returns the texts and numbers in a value, without the names of its fields, for which nobody searches. */
function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leaves);
}
