import type { Operation } from '#shared/api/routes-operations';
import { isoTime } from '../text';
import type { QueuedOperation } from './queued-operation';

export interface Adoption {
  readonly newId: () => string;
  /** Milliseconds since the epoch by the service's clock. */
  readonly serviceNowMs: number;
  /** Milliseconds since the epoch by this computer's clock. */
  readonly nowMs: number;
}

/**
 * Copies another person's operations for somebody who adopts them. They get new ids, because the service may know the old ones as
 * the other person's. A conflicted operation stays conflicted; any other state becomes pending.
 */
export function adopted(entries: readonly QueuedOperation[], adoption: Adoption): readonly QueuedOperation[] {
  const rangeIds = new Map<string, string>();
  return entries.map((entry): QueuedOperation => {
    const { state } = entry;
    return {
      ...entry,
      operation: operationAgain(entry, rangeIds, adoption),
      createdAt: adoption.nowMs,
      confirmedAt: null,
      attempts: 0,
      lastError: null,
      state: state.kind === 'parked' && state.reason === 'conflict' ? state : { kind: 'pending' },
    };
  });
}

function operationAgain(
  { operation, attempts }: QueuedOperation,
  rangeIds: Map<string, string>,
  { newId, serviceNowMs }: Adoption,
): Operation {
  const { expiresAt: _old, ...rest } = operation;
  const again: Operation = { ...rest, id: newId(), madeAt: isoTime(serviceNowMs) };
  if (again.type === 'range.add' && again.rangeId !== undefined && attempts > 0) {
    // The service may have made the range under this id already.
    const rangeId = newId();
    rangeIds.set(again.rangeId, rangeId);
    return { ...again, rangeId };
  }
  if (again.type === 'range.update' || again.type === 'range.remove') {
    return { ...again, rangeId: rangeIds.get(again.rangeId) ?? again.rangeId };
  }
  return again;
}
