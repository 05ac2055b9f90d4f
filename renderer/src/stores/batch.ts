import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { Range } from '#shared/domain/entities';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { type ChangedMany, MOST_AT_ONCE } from '#shared/ipc/policy';
import { settle } from '../bridge/call';
import { useMirror } from './mirror';

/** For how long a change can be taken back. */
export const UNDO_MS = 10_000;

/** A change that was made to many entities at once. */
export interface Batch {
  /** The reviews or ranges that took the change. */
  readonly ids: readonly string[];
  /** The operations that carry it. */
  readonly operationIds: readonly string[];
  readonly refused: readonly { readonly id: string; readonly message: string }[];
  /** Milliseconds since the epoch. */
  readonly endedAtMs: number;
  readonly isTakenBack: boolean;
  /** The number of entities that were to have the change and do not, because it was stopped. */
  readonly stopped: number;
}

export interface BatchState<B extends Batch = Batch, S extends string = string> {
  /** The step that is being sent; no other begins meanwhile. */
  readonly step: S | 'undo' | 'stop' | null;
  readonly failure: Failure | null;
  readonly last: B | null;
}

export type BatchStore<B extends Batch, S extends string> = UseBoundStore<StoreApi<BatchState<B, S>>>;

function createBatchStore<B extends Batch, S extends string>(): BatchStore<B, S> {
  return create<BatchState<B, S>>(() => ({ step: null, failure: null, last: null }));
}

/** The last answer that was given to many reviews. It outlives the screen, so that a look at the log does not lose Undo. */
export const useBatch = createBatchStore<Batch, 'authorize' | 'deny'>();

export interface RangeBatch extends Batch {
  readonly change: 'remove' | 'update';
  /** The ranges as they were. */
  readonly before: readonly Range[];
}

/** The last change that was made to ranges. */
export const useRangeBatch = createBatchStore<RangeBatch, RangeBatch['change']>();

/** Returns a function that tells if the account that is shown now is still shown. */
export function isStillShown(): () => boolean {
  const { shownId } = useMirror.getState();
  return () => useMirror.getState().shownId === shownId;
}

/**
 * Sends one change at a time. Returns what was refused, or null if another is under way, the call failed, or another account is
 * shown by now: what was done in one account is not told in another.
 */
export async function sendBatch<T, B extends Batch, S extends string>(
  store: BatchStore<B, S>,
  step: S | 'undo',
  items: readonly T[],
  call: (part: T[]) => Promise<Outcome<ChangedMany>>,
): Promise<ChangedMany | null> {
  if (store.getState().step !== null) return null;
  const isShown = isStillShown();
  store.setState({ step, failure: null });
  const sent: ChangedMany = { refused: [], operationIds: [] };
  let failure: Failure | null = null;
  for (let start = 0; start < items.length && failure === null && isShown(); start += MOST_AT_ONCE) {
    const outcome = await settle(() => call(items.slice(start, start + MOST_AT_ONCE)));
    if (outcome.ok) {
      sent.refused.push(...outcome.value.refused);
      sent.operationIds.push(...outcome.value.operationIds);
    } else ({ failure } = outcome);
  }
  if (!isShown()) return null;
  store.setState({ step: null, failure });
  return failure === null ? sent : null;
}
