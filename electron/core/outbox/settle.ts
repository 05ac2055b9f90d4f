import { impactSchema } from '#shared/api/impact';
import type { Operation, OperationResult } from '#shared/api/routes-operations';
import { isUndecided, type PolicyEntity, type Undecided } from '#shared/domain/outbox';
import { UNRECOGNISED } from '#shared/domain/told';
import type { Settled } from '#shared/ipc/outbox';
import { isoTime } from '../text';
import { type QueuedOperation, type QueuedState, isRange, isReview } from './queued-operation';

/** Returns the state of an operation after the service's result. Pure. */
export function settle({ operation }: QueuedOperation, result: OperationResult): QueuedState {
  const impact = impactSchema.safeParse(result).data;
  const { status, entity = null, current = null, code = '', detail = '' } = result;
  const undecided = (kind: Undecided['kind'], theirs: PolicyEntity | null): Undecided => ({
    kind,
    code: code === '' ? status : code,
    detail,
    current: theirs,
    ...(impact && { impact }),
  });
  switch (status) {
    case 'applied':
      return { kind: 'done', entity };
    case 'duplicate':
      // The range exists already under another id. That is done, unless its label or expiry differ.
      return isRange(entity) && !hasFieldsOf(operation, entity)
        ? undecided('conflicted', entity)
        : { kind: 'done', entity };
    case 'conflict':
      return current !== null && isSatisfied(operation, current)
        ? { kind: 'done', entity: current }
        : undecided('conflicted', current);
    case 'rejected':
      return undecided('rejected', current);
    case 'expired':
      return undecided('expired', current);
    case UNRECOGNISED:
      // Nobody knows whether it was applied, so a person decides.
      return { ...undecided('rejected', current), code: status, detail: '' };
  }
}

/** Returns true if the existing range has the label and the expiry that the operation asked for. */
function hasFieldsOf(
  operation: Operation,
  existing: { readonly label: string; readonly expiresAt: string | null },
) {
  return (
    operation.type !== 'range.add' ||
    (operation.label === existing.label && sameMoment(operation.rangeExpiresAt, existing.expiresAt))
  );
}

function sameMoment(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && Date.parse(a) === Date.parse(b));
}

/** Returns true if somebody else has already done the very same. */
function isSatisfied(operation: Operation, current: PolicyEntity): boolean {
  switch (operation.type) {
    case 'range.update': {
      const { label, effect, keyId, expiresAt } = operation.changes;
      return (
        isRange(current) &&
        current.id === operation.rangeId &&
        (label === undefined || label === current.label) &&
        (effect === undefined || effect === current.effect) &&
        (keyId === undefined || keyId === current.keyId) &&
        (expiresAt === undefined || sameMoment(expiresAt, current.expiresAt))
      );
    }
    case 'review.deny':
      return isReview(current) && current.status === 'denied' && !operation.addDenyRange;
    case 'review.reopen':
      return isReview(current) && current.status === 'pending';
    case 'range.add':
    case 'range.remove':
    case 'review.authorize':
    case 'mode.set':
      return false;
  }
}

/** Tells how an operation ended, or why it waits for a person. `atMs` is when the answer came, by the service's clock. */
export function settledOf({ operation: { id }, state }: QueuedOperation, atMs: number): Settled {
  if (isUndecided(state)) return { ...state, id, outcome: 'undecided' };
  const entity = state.kind === 'done' ? state.entity : null;
  const decidedAt = isReview(entity) ? entity.decidedAt : null;
  return { id, outcome: 'applied', entity, enforcedAt: decidedAt ?? isoTime(atMs) };
}
