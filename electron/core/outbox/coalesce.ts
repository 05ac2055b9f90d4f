import type { Operation } from '#shared/api/routes-operations';
import { type QueuedOperation, isAnswer, isUnsent, type NewOperation, subjectOf } from './queued-operation';

/** The relation of a new operation to the one before it on the same entity. */
export type Coalesced =
  | { readonly kind: 'append' }
  /** One operation with the effect of both takes the position of the first. `replaces` is the id of the first if it differs. */
  | { readonly kind: 'merge'; readonly merged: QueuedOperation; readonly replaces: string | null }
  /** Nothing is left to do: a range or an answer that the service never saw is gone again. */
  | { readonly kind: 'vanish'; readonly id: string };

const APPEND: Coalesced = { kind: 'append' };

/**
 * Merges an operation into the last one on the same entity, unless the service may have seen that one (docs/behaviour.md 8.4.2).
 * The merged operation keeps the time of the first, except where the new one is a decision of its own.
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
  /** A person who confirmed one of both edits has not confirmed their effect together. */
  const asConfirmed = ({ confirmImpact, ...merged }: Operation): Operation =>
    confirmImpact === true && next.operation.confirmImpact === true ? { ...merged, confirmImpact } : merged;
  switch (next.operation.type) {
    case 'range.add':
      return APPEND;
    case 'range.update': {
      const { changes } = next.operation;
      if (operation.type === 'range.add') {
        const { expiresAt: rangeExpiresAt, ...others } = changes;
        const expiry = rangeExpiresAt === undefined ? {} : { rangeExpiresAt };
        return kept(asConfirmed({ ...operation, ...defined(others), ...expiry, madeAt }));
      }
      if (operation.type !== 'range.update') return APPEND;
      return kept(asConfirmed({ ...operation, changes: { ...operation.changes, ...changes }, madeAt }));
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
      // The reopening has to be sent before the new answer.
      if (operation.type === 'review.reopen') return APPEND;
      // A new decision counts from now, and starts from the state that the first one started from.
      return {
        kind: 'merge',
        merged: {
          ...previous,
          operation: decided(operation, next.operation),
          createdAt: nowMs,
          confirmedAt: null,
        },
        replaces: id,
      };
  }
}

/** A choice of the mode that says nothing of report-only leaves what the one before it says. */
function decided(before: Operation, next: Operation): Operation {
  if (before.type !== 'mode.set' || next.type !== 'mode.set' || before.reportOnly === undefined) return next;
  return { ...next, reportOnly: next.reportOnly ?? before.reportOnly };
}

/** Drops the members that are undefined, which would overwrite others. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
