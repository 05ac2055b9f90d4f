import { monotonicFactory } from 'ulid';
import type { Clock } from './clock';

/** Makes ULIDs that sort in the order they were made, also within one millisecond. */
export type IdFactory = () => string;

export const createIdFactory = (clock: Clock): IdFactory => {
  const next = monotonicFactory();
  return () => next(clock.now());
};
