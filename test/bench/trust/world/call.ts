import type { Located } from './internet';

/** One call with an account's key, as the world made it. */
export interface Call extends Located {
  /** Milliseconds since the world began. */
  readonly at: number;
  readonly userAgent: string | null;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** How long the world is watched: a month of learning, then six weeks in `automatic`. */
export const LEARNING_MS = 30 * DAY_MS;
export const WORLD_MS = 75 * DAY_MS;

export const byTime = (a: { readonly at: number }, b: { readonly at: number }): number => a.at - b.at;
