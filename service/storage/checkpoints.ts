import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type Database from 'libsql';
import THREAD from './checkpoint-thread.cjs?raw';

/** Commits after which the log is moved into the database: some hundred pages up to some thousand. */
const COMMITS = 50;

/**
 * From this size on the log is emptied in between. As long as writes follow each other closely it grows, because SQLite begins
 * it anew only when all of it was moved and nothing was added meanwhile.
 */
const LONGEST_LOG_BYTES = 32 * 1024 * 1024;

/** Moves what was committed from the write-ahead log into the database file. */
export interface Checkpoints {
  /** To be called right after each commit, before anything else is done with the connection. */
  committed(): void;
  /** Resolves when nobody but the caller has the database open any more. */
  stop(): Promise<void>;
}

interface Done {
  readonly logBytes?: number;
  readonly failure?: string;
}

export interface CheckpointOptions {
  readonly commits?: number;
  readonly longestLogBytes?: number;
  /** Why the thread does not work; from then on SQLite checkpoints by itself, at the cost of pauses. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * A checkpoint waits for the disk, up to some tens of milliseconds, and SQLite makes one with every thousandth page that is
 * written, in the middle of a commit. Here a thread with a connection of its own makes them, and the event loop goes on: calls
 * get their verdicts meanwhile.
 * @param connection the one that writes; with its own checkpoints switched off once the thread works.
 */
export const startCheckpoints = (
  file: string,
  connection: Database.Database,
  { commits = COMMITS, longestLogBytes = LONGEST_LOG_BYTES, onFailure }: CheckpointOptions,
): Checkpoints => {
  const driver = createRequire(import.meta.url).resolve('libsql');
  const thread = new Worker(THREAD, { eval: true, workerData: { driver, file } });
  thread.unref();
  const [{ timeout: busyTimeoutMs }] = connection.pragma('busy_timeout') as [{ timeout: number }];
  let state: 'starting' | 'idle' | 'busy' | 'over' = 'starting';
  let waiting = 0;
  let isTooLong = false;

  const byItself = (isOn: boolean): void => {
    connection.exec(`PRAGMA wal_autocheckpoint = ${isOn ? 1_000 : 0}`);
  };

  /**
   * Little is left to move, as the thread has just moved the rest. Somebody who reads the file, to copy it say, is not waited
   * for: it is tried again after the next commits. What was committed stays so if this fails.
   */
  const emptyLog = (): void => {
    isTooLong = false;
    try {
      connection.exec('PRAGMA busy_timeout = 0');
      connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      onFailure(error);
    } finally {
      connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    }
  };

  const onDone = ({ logBytes = 0, failure }: Done): void => {
    if (state === 'busy') state = 'idle';
    isTooLong = logBytes > longestLogBytes;
    if (failure !== undefined) onFailure(new Error(failure));
  };
  const onEnd = (error: unknown): void => {
    if (state === 'over') return;
    state = 'over';
    byItself(true);
    onFailure(error);
  };

  thread.on('online', () => {
    if (state !== 'starting') return;
    state = 'idle';
    byItself(false);
  });
  thread.on('message', onDone);
  thread.on('error', onEnd);
  thread.on('exit', (code) => onEnd(new Error(`The thread that checkpoints has ended with ${code}.`)));

  return {
    committed: () => {
      waiting += 1;
      if (state !== 'idle') return;
      if (isTooLong) emptyLog();
      if (waiting < commits) return;
      waiting = 0;
      state = 'busy';
      thread.postMessage('checkpoint');
    },
    stop: async () => {
      if (state === 'over') return;
      state = 'over';
      thread.ref();
      const ended = once(thread, 'exit');
      thread.postMessage('close');
      await ended;
    },
  };
};
