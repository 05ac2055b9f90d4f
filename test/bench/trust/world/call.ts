import type { Located } from './internet';

/** What a program sends with a call. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly userAgent: string | null;
  /** What a proxy tells of the TLS client (JA4 or alike). */
  readonly fingerprint: string;
}

/** One call with an account's key, as the world made it. */
export interface Call extends Located, Sent {
  /** Milliseconds since the world began, at midnight UTC of a Monday. */
  readonly at: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** How long the world is watched: a month of learning, then six weeks in `automatic`. */
export const LEARNING_MS = 30 * DAY_MS;
export const WORLD_MS = 75 * DAY_MS;

export function byTime(a: { readonly at: number }, b: { readonly at: number }): number {
  return a.at - b.at;
}
