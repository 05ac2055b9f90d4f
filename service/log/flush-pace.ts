/** The contract gives a repeat one second until it is on the disk; this leaves the clock and the event loop some of it. */
const ON_DISK_WITHIN_MS = 950;

/** A flush that takes long is followed by this pause all the same. */
const SHORTEST_PAUSE_MS = 100;

/**
 * The pause after a flush, given how long it took, in milliseconds. What was counted right after it began waits for the next one,
 * which is expected to take as long, and is to be on the disk in time; a rarer flush costs less.
 */
export const pauseAfterFlush = (tookMs: number): number =>
  Math.max(SHORTEST_PAUSE_MS, ON_DISK_WITHIN_MS - 2 * tookMs);
