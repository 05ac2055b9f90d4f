import type { Operation } from '#shared/api/routes-operations';
import type { Account } from '#shared/domain/entities';
import { isoTime } from '../text';
import type { Outbox } from './outbox';
import type { NewOperation, QueuedOperation, SignedOperation } from './queued-operation';

/** The user of the access token. Only operations that this user has made are sent (docs/behaviour.md 8.4.5). */
export type Author = Pick<Account['me'], 'userId' | 'email'>;

export function signedBy<T extends NewOperation>(
  author: Author | undefined,
  operations: readonly T[],
): readonly (T & SignedOperation)[] {
  return operations.map((each) => ({
    ...each,
    operation: { ...each.operation, authorId: author?.userId },
    authorEmail: author?.email ?? null,
  }));
}

export interface Adoption {
  readonly newId: () => string;
  /** Milliseconds since the epoch by the service's clock. */
  readonly serviceNowMs: number;
  /** Milliseconds since the epoch by this computer's clock. */
  readonly nowMs: number;
}

/**
 * Replaces other people's operations by copies of the person who is signed in. They get new ids, because the service may know the
 * old ones as the other person's. A conflicted operation stays conflicted; any other state becomes pending.
 */
export function adopt(outbox: Outbox, ids: readonly string[], adoption: Adoption): void {
  const theirs = othersOperations(outbox, ids);
  const rangeIds = new Map<string, string>();
  const copies = theirs.map((queued): QueuedOperation => {
    const { state } = queued;
    return {
      ...queued,
      operation: operationAgain(queued, rangeIds, adoption),
      createdAt: adoption.nowMs,
      confirmedAt: null,
      attempts: 0,
      lastError: null,
      state: state.kind === 'conflicted' ? state : { kind: 'pending' },
    };
  });
  outbox.exchange(theirs, copies);
}

/** Drops other people's operations for good and returns them. */
export function discard(outbox: Outbox, ids: readonly string[]): readonly QueuedOperation[] {
  const theirs = othersOperations(outbox, ids);
  outbox.exchange(theirs, []);
  return theirs;
}

function othersOperations(outbox: Outbox, ids: readonly string[]): readonly QueuedOperation[] {
  const wanted = new Set(ids);
  return outbox.all().filter((queued) => wanted.has(queued.operation.id) && outbox.isOthers(queued));
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
