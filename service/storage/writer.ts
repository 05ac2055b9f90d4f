import type { Clock } from '../clock';
import type { FeedHub } from '../feed/hub';
import type { IdFactory } from '../ids';
import { createSequential } from '#shared/async/sequential';
import type { Repositories, Storage } from './storage';

/** One transaction as its author sees it. */
export interface WriteContext {
  readonly tx: Repositories;
  /** Milliseconds since the epoch, the same for everything in this write. */
  readonly now: number;
  readonly newId: IdFactory;
  /** The next place in the account's change feed; the account's listeners are told after the commit. */
  readonly nextSeq: (accountId: string) => Promise<number>;
  /** Runs after the commit, before anybody is told: the place to change what memory holds. */
  readonly afterCommit: (change: () => void) => void;
}

/**
 * The one way to write: commit, then memory, then publish, one write at a time. Nobody sees in memory or in the feed
 * what is not on disk, and two writes cannot reach memory in another order than the disk.
 */
export interface Writer {
  write<T>(work: (context: WriteContext) => Promise<T>): Promise<T>;
  /** Resolves when every write handed in so far is done. */
  idle(): Promise<void>;
}

export const createWriter = (storage: Storage, hub: FeedHub, clock: Clock, newId: IdFactory): Writer => {
  const sequential = createSequential();
  return {
    write: (work) =>
      sequential(async () => {
        const changes: (() => void)[] = [];
        const touched = new Set<string>();
        const result = await storage.transaction((tx) =>
          work({
            tx,
            now: clock.now(),
            newId,
            nextSeq: (accountId) => {
              touched.add(accountId);
              return tx.accounts.reserveSeq(accountId, 1);
            },
            afterCommit: (change) => changes.push(change),
          }),
        );
        for (const change of changes) change();
        for (const accountId of touched) hub.publish(accountId);
        return result;
      }),
    idle: () => sequential(() => Promise.resolve()),
  };
};
