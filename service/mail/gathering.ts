/**
 * When news becomes an e-mail. The first question goes out at once, but for a short pause in which a burst shows itself;
 * after that each message makes the next one wait longer, so that a flood becomes a few summaries. Pure: the times go
 * in, a time comes out.
 */

/** How long the first question waits for others to come with it. */
export const GATHER_PAUSE_MS = 2_000;
/** The pause after one message within the hour; it doubles with each further one. */
const FIRST_GAP_MS = 60_000;
export const MAX_MESSAGES_PER_HOUR = 6;
export const HOUR_MS = 3_600_000;

/**
 * The earliest time at which the recipient's next message may be made.
 * @param oldestAt since when the oldest piece of news waits.
 * @param messageTimes when the recipient's messages of the last hour and later were made; older ones do not matter.
 */
export const nextMessageAt = (oldestAt: number, messageTimes: readonly number[]): number => {
  const times = messageTimes.toSorted((a, b) => a - b);
  let at = oldestAt + GATHER_PAUSE_MS;
  for (;;) {
    const recent = times.filter((time) => time > at - HOUR_MS);
    const [first] = recent;
    const last = recent.at(-1);
    if (first === undefined || last === undefined) return at;
    // When the hour since this one is over, it does not count any more.
    const fewer = first + HOUR_MS;
    const full = recent.length >= MAX_MESSAGES_PER_HOUR;
    const allowedAt = full ? fewer : last + FIRST_GAP_MS * 2 ** (recent.length - 1);
    if (!full && at >= allowedAt) return at;
    at = Math.min(allowedAt, fewer);
  }
};
