import { DAY_MS } from '../durations';

/** The end of learning, in milliseconds since the epoch, and how long nothing new has to come before it. */
export interface LearningEnd {
  readonly endsAtMs: number;
  readonly windowMs: number;
}

/** With a short learning window a day before its end would be most of it, so this fraction is used. */
const SHARE_OF_WINDOW = 0.1;

/** Returns the moment from which people are told that learning ends. */
export function learningDueMs({ endsAtMs, windowMs }: LearningEnd): number {
  return endsAtMs - Math.min(DAY_MS, windowMs * SHARE_OF_WINDOW);
}
