import type { Operation } from '#shared/api/routes-operations';
import { type QueuedOperation, isAnswer, isUnsent, type NewOperation, subjectOf } from './queued-operation';

/** What a new edit comes to beside the one before it on the same entity. */
export type Coalesced =
  /** It stands for itself. */
  | { readonly kind: 'append' }
  /** One edit that does what both did, in the place of the first. `replaces` names it where it has another id. */
  | { readonly kind: 'merge'; readonly merged: QueuedOperation; readonly replaces: string | null }
  /** Nothing is left to do: a range or an answer that the service never saw is gone again. */
  | { readonly kind: 'vanish'; readonly id: string };

const APPEND: Coalesced = { kind: 'append' };

/**
 * Merges an edit into the last one on the same entity, if the service cannot have seen that. The merged edit waits since
 * the first one was made, unless the new one decides anew.
 */
export function coalesce(
  previous: QueuedOperation | undefined,
  next: NewOperation,
  nowMs: number,
): Coalesced {
  if (previous === undefined || !isUnsent(previous)) return APPEND;
  const { operation } = previous;
  if (subjectOf(operation) !== subjectOf(next.operation)) return APPEND;
  const kept = (merged: Operation): Coalesced => ({
    kind: 'merge',
    merged: { ...previous, operation: merged },
    replaces: null,
  });
  const { id, baseVersion } = operation;
  const { madeAt } = next.operation;
  switch (next.operation.type) {
    case 'range.add':
      return APPEND;
    case 'range.update': {
      const { changes } = next.operation;
      if (operation.type === 'range.add') {
        const { expiresAt: rangeExpiresAt, ...others } = changes;
        const expiry = rangeExpiresAt === undefined ? {} : { rangeExpiresAt };
        return kept({ ...operation, ...defined(others), ...expiry, madeAt });
      }
      if (operation.type !== 'range.update') return APPEND;
      return kept({ ...operation, changes: { ...operation.changes, ...changes }, madeAt });
    }
    case 'range.remove': {
      if (operation.type === 'range.add') return { kind: 'vanish', id };
      if (operation.type !== 'range.update') return APPEND;
      return kept({ ...next.operation, id, ...(baseVersion === undefined ? {} : { baseVersion }) });
    }
    case 'review.reopen':
      return isAnswer(operation) ? { kind: 'vanish', id } : APPEND;
    case 'review.authorize':
    case 'review.deny':
    case 'mode.set':
      // The answer before it is taken back first.
      if (operation.type === 'review.reopen') return APPEND;
      // Decided anew: it is another decision, made now, from where the first one started.
      return {
        kind: 'merge',
        merged: { ...previous, operation: next.operation, createdAt: nowMs, confirmedAt: null },
        replaces: id,
      };
  }
}

/** Without the members that are undefined, which would overwrite. */
const defined = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
