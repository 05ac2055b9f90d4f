import { create } from 'zustand';
import type { Failure } from '#shared/ipc/failure';

/** The last answer that was given to many reviews at once. */
export interface Batch {
  readonly answer: 'authorize' | 'deny';
  /** The reviews that took the answer. */
  readonly reviewIds: readonly string[];
  readonly refused: readonly { readonly reviewId: string; readonly message: string }[];
  /** Milliseconds since the epoch. */
  readonly endedAtMs: number;
  readonly isTakenBack: boolean;
}

interface BatchState {
  /** The step that is being sent; no other begins meanwhile. */
  readonly step: 'authorize' | 'deny' | 'undo' | null;
  readonly failure: Failure | null;
  readonly last: Batch | null;
}

/** Outlives the screen, so that a look at the log does not lose Undo. */
export const useBatch = create<BatchState>(() => ({ step: null, failure: null, last: null }));
