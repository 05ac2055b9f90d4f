import type { Operation } from '#shared/api/routes-operations';
import { isoTime } from '../text';
import type { QueuedOperation } from './queued-operation';

export interface Adoption {
  readonly newId: () => string;
  /** By the service's clock. */
  readonly serviceNowMs: number;
  /** By this computer's. */
  readonly nowMs: number;
}

/**
 * Another person's edits as somebody makes them their own: decided now, under ids of their own, because the service may
 * know the old ones as that person's. A conflict stays one; whatever else kept them is over. Pure but for the ids.
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
    // The service may have made the range under this id.
    const rangeId = newId();
    rangeIds.set(again.rangeId, rangeId);
    return { ...again, rangeId };
  }
  if (again.type === 'range.update' || again.type === 'range.remove') {
    return { ...again, rangeId: rangeIds.get(again.rangeId) ?? again.rangeId };
  }
  return again;
}
