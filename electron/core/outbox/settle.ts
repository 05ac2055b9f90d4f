import type { Operation, OperationResult } from '#shared/api/routes-operations';
import type { PolicyEntity } from '#shared/domain/outbox';
import { UNRECOGNISED } from '#shared/domain/told';
import { type QueuedOperation, type QueuedState, isRange, isReview, type Parked } from './queued-operation';

const NEW_ANSWER =
  'The service gave an answer that this console does not know. Update this console to see what became of the edit.';

/** Returns the state of an operation after the service's result. Pure. */
export function settle({ operation }: QueuedOperation, result: OperationResult): QueuedState {
  const { status, entity = null, current = null, code = '', detail = '' } = result;
  const park = (reason: Parked['reason'], standing: PolicyEntity | null): Parked => ({
    kind: 'parked',
    reason,
    code: code === '' ? status : code,
    detail,
    current: standing,
  });
  switch (status) {
    case 'applied':
      return { kind: 'done', entity };
    case 'duplicate':
      // The range exists already under another id. That is done, unless its label or expiry differ.
      return isRange(entity) && !saysTheSame(operation, entity)
        ? park('conflict', entity)
        : { kind: 'done', entity };
    case 'conflict':
      return current !== null && isSatisfied(operation, current)
        ? { kind: 'done', entity: current }
        : park('conflict', current);
    case 'rejected':
      return park('rejected', current);
    case 'expired':
      return park('expired', current);
    case UNRECOGNISED:
      // Nobody knows whether it was applied, so a person looks at it.
      return { ...park('rejected', current), detail: NEW_ANSWER };
  }
}

/** Returns true if the existing range has the label and the expiry that the operation asked for. */
const saysTheSame = (
  operation: Operation,
  existing: { readonly label: string; readonly expiresAt: string | null },
) =>
  operation.type !== 'range.add' ||
  (operation.label === existing.label && sameMoment(operation.rangeExpiresAt, existing.expiresAt));

const sameMoment = (a: string | null, b: string | null): boolean =>
  a === b || (a !== null && b !== null && Date.parse(a) === Date.parse(b));

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
