import { applyOperation } from '#shared/domain/apply-operation';
import type { Account, Key, Range, Review } from '#shared/domain/entities';
import { isUndecided, type PolicyEntity } from '#shared/domain/outbox';
import type { PolicyState } from '#shared/domain/policy-state';
import type { ListedOperation } from '#shared/ipc/outbox';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { refusalWords } from '#shared/ipc/refusal-words';
import { type QueuedOperation, isRange, isReview, isUnsent } from '../outbox/queued-operation';
import { heldUpBy } from '../outbox/next-batch';
import type { Replica } from '../sync/replica';
import { isoTime } from '../text';
import type { CoreContext } from './context';

/** Returns every operation that the service does not have yet, in order, with the facts for a person's decision. */
export function listOutbox({ replica }: Pick<CoreContext, 'replica'>): Outcome<ListedOperation[]> {
  const { outbox } = replica;
  const operations = outbox?.all() ?? [];
  const heldUp = heldUpBy(outbox?.own() ?? []);
  const keys = new Map(replica.mirrored('key').map((key) => [key.id, key]));
  return succeeded(
    operations.flatMap((queued): ListedOperation[] => {
      const state = stateOf(queued, replica, heldUp);
      if (state === null) return [];
      const { operation, base, attempts, lastError, createdAt } = queued;
      const isOthers = outbox?.isOthers(queued) === true;
      return [
        {
          id: operation.id,
          operation,
          base,
          mine: mineOf(queued, replica, keys),
          // Another person's operation is not sent, whatever its state was.
          state: isOthers && !isUndecided(state) ? { kind: 'waiting', behind: null } : state,
          by: isOthers ? { email: queued.authorEmail } : null,
          since: isoTime(createdAt),
          attempts,
          lastError,
          undoable: isUnsent(queued) && !isOthers,
        },
      ];
    }),
  );
}

function stateOf(
  queued: QueuedOperation,
  replica: Replica,
  heldUp: ReadonlyMap<string, string>,
): ListedOperation['state'] | null {
  const { state, operation } = queued;
  if (isUndecided(state)) {
    const detail = refusalWords(state.code, state.detail);
    return { ...state, detail, current: currentOf(queued, replica) };
  }
  switch (state.kind) {
    case 'done':
      return null;
    case 'inflight':
      return { kind: 'sending' };
    case 'pending':
      return { kind: 'waiting', behind: heldUp.get(operation.id) ?? null };
  }
}

/** Returns the current entity of a conflicted or rejected operation. The mirror may be newer than the service's answer. */
export function currentOf({ state, base }: QueuedOperation, replica: Replica): PolicyEntity | null {
  const told = isUndecided(state) ? state.current : null;
  const about = told ?? base;
  if (about === null) return null;
  if (isRange(about)) return newer(told, replica.mirroredOne('range', about.id));
  if (isReview(about)) return newer(told, replica.mirroredOne('review', about.id));
  return replica.mirrored('account')[0] ?? told;
}

/** An entity that the mirror lacks is gone. */
function newer(told: PolicyEntity | null, mirrored: Range | Review | undefined): PolicyEntity | null {
  return mirrored === undefined || (told !== null && 'version' in told && told.version > mirrored.version)
    ? told
    : mirrored;
}

/** Returns the base with the operation applied. */
function mineOf(
  { operation, base, createdAt, authorEmail }: QueuedOperation,
  replica: Replica,
  keys: ReadonlyMap<string, Key>,
): PolicyEntity | null {
  const account = replica.view.account;
  const state: PolicyState = {
    account: isAccount(base) ? base : account,
    ranges: new Map(isRange(base) ? [[base.id, base]] : []),
    reviews: new Map(isReview(base) ? [[base.id, base]] : []),
    keys,
  };
  const after = applyOperation(state, operation, {
    now: createdAt + replica.clockOffsetMs,
    author: authorEmail ?? '',
  });
  switch (operation.type) {
    case 'range.add':
      return [...after.ranges.values()][0] ?? null;
    case 'range.update':
    case 'range.remove':
      return after.ranges.get(operation.rangeId) ?? null;
    case 'review.authorize':
    case 'review.deny':
    case 'review.reopen':
      return after.reviews.get(operation.reviewId) ?? null;
    case 'mode.set':
      return after.account;
  }
}

function isAccount(entity: PolicyEntity | null): entity is Account {
  return entity !== null && 'revision' in entity;
}
