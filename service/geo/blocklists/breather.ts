import { setImmediate } from 'node:timers/promises';

/** Work goes on for this long before calls that wait get their turn. */
const TURN_MS = 8;

/** Called between small pieces of long work: lets the event loop turn once the work has had its time. */
export type Breathe = () => Promise<void> | undefined;

export const createBreather = (nowMs: () => number = () => performance.now()): Breathe => {
  let turnEndsAt = nowMs() + TURN_MS;
  return () => {
    if (nowMs() < turnEndsAt) return undefined;
    return setImmediate().then(() => {
      turnEndsAt = nowMs() + TURN_MS;
    });
  };
};
