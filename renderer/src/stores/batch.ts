import { create } from 'zustand';
import type { Failure } from '#shared/ipc/failure';

/** The last answer that was given to many reviews at once. */
export interface Batch {
  /** The reviews that took the answer. */
  readonly reviewIds: readonly string[];
  /** The operations that carry the answer. */
  readonly operationIds: readonly string[];
  readonly refused: readonly { readonly reviewId: string; readonly message: string }[];
  /** Milliseconds since the epoch. */
  readonly endedAtMs: number;
  readonly isTakenBack: boolean;
  /** The number of reviews that were to have the answer and are pending again, because it was stopped. */
  readonly stopped: number;
}

interface BatchState {
  /** The step that is being sent; no other begins meanwhile. */
  readonly step: 'authorize' | 'deny' | 'undo' | 'stop' | null;
  readonly failure: Failure | null;
  readonly last: Batch | null;
}

/** Outlives the screen, so that a look at the log does not lose Undo. */
export const useBatch = create<BatchState>(() => ({ step: null, failure: null, last: null }));
