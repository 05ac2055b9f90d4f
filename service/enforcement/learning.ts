import type { Mode } from '#shared/domain/entities';

/** The progress of learning. Times are milliseconds since the epoch. */
export interface LearningState {
  /** The first attempt since learning was chosen; null before it. */
  readonly startedAt: number | null;
  /** The last time at which learning authorized an address. */
  readonly lastNewAddressAt: number | null;
}

/** Returns the end of learning if no new address is seen until then; null while it has not started. */
export function learningEndsAt(state: LearningState, windowMs: number): number | null {
  return state.startedAt === null ? null : (state.lastNewAddressAt ?? state.startedAt) + windowMs;
}

/**
 * Returns the effective mode. Learning whose window is over is `automatic` from that time on, even before that is stored.
 */
export function modeAt(mode: Mode, state: LearningState, windowMs: number, now: number): Mode {
  if (mode !== 'learning') return mode;
  const endsAt = learningEndsAt(state, windowMs);
  return endsAt !== null && now >= endsAt ? 'automatic' : 'learning';
}
