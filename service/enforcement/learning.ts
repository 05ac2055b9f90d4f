import type { Mode } from '#shared/domain/entities';

/** How far learning has come. Times are milliseconds since the epoch. */
export interface LearningState {
  /** The first attempt since learning was chosen; null before it. */
  readonly startedAt: number | null;
  /** When an address was last authorized by learning. */
  readonly lastNewAddressAt: number | null;
}

/** When learning ends if no new address is seen until then; null while it has not started. */
export function learningEndsAt(state: LearningState, windowMs: number): number | null {
  return state.startedAt === null ? null : (state.lastNewAddressAt ?? state.startedAt) + windowMs;
}

/**
 * The mode that holds at a moment. Learning whose window is over is `automatic` from that moment on, whether or not
 * anybody has written that down yet.
 */
export function modeAt(mode: Mode, state: LearningState, windowMs: number, now: number): Mode {
  if (mode !== 'learning') return mode;
  const endsAt = learningEndsAt(state, windowMs);
  return endsAt !== null && now >= endsAt ? 'automatic' : 'learning';
}
