import type { AttemptLanesRepository } from '../storage/repositories/attempt-lanes';
import type { Storage } from '../storage/storage';
import { createPacer, type Pacer } from './pacer';

/** What every read of the log works with. */
export interface LogReader {
  readonly lanes: AttemptLanesRepository;
  readonly pacer: Pacer;
}

/** One for the process, however many read: what it shares out is the process's one thread. */
const pacer = createPacer();

export const logReaderOf = (storage: Storage): LogReader => ({ lanes: storage.read.attemptLanes, pacer });
