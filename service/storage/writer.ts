import type { Clock } from '../runtime/clock';
import type { FeedHub } from './feed-hub';
import type { IdFactory } from '../runtime/ids';
import { createSequential } from '#shared/async/sequential';
import type { FeedHead } from './repositories/policy-changes';
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
 *
 * Where several processes share the database, each write first brings memory up to what the others have written, so
 * that its work may rely on memory as if it were alone.
 */
export interface Writer {
  write<T>(work: (context: WriteContext) => Promise<T>): Promise<T>;
  /** Brings memory up to what other processes have written, between two writes. */
  catchUp(): Promise<void>;
  /** Resolves when every write handed in so far is done. */
  idle(): Promise<void>;
}

/** Keeps memory up to what other processes write to the same database. */
export interface OtherProcesses {
  /** Whether something is known to be missing in memory. */
  isBehind(): boolean;
  /** Applies what memory lacks of what `tx` sees. */
  catchUp(tx: Repositories): Promise<void>;
  /** The same, before `tx` writes. */
  beginWrite(tx: Repositories): Promise<void>;
  /** Memory holds what this process has just written. */
  wrote(heads: readonly FeedHead[]): void;
}

const NOBODY_ELSE: OtherProcesses = {
  isBehind: () => false,
  catchUp: () => Promise.resolve(),
  beginWrite: () => Promise.resolve(),
  wrote: () => undefined,
};

/** Gives out the places of one write in the accounts' feeds. */
const createSeqs = (tx: Repositories) => {
  const places = new Map<string, { last: Promise<number>; given: number }>();
  return {
    /** The first place is reserved at once, which keeps everybody else out; the others are counted on from it. */
    next: (accountId: string): Promise<number> => {
      const place = places.get(accountId);
      if (place === undefined) {
        const last = tx.accounts.reserveSeq(accountId, 1);
        places.set(accountId, { last, given: 1 });
        return last;
      }
      place.given += 1;
      place.last = place.last.then((seq) => seq + 1);
      return place.last;
    },
    /** Reserves what was given out, and answers how far the feeds have come with it. */
    settle: async (): Promise<readonly FeedHead[]> => {
      const heads: FeedHead[] = [];
      for (const [accountId, { last, given }] of places) {
        if (given > 1) await tx.accounts.reserveSeq(accountId, given - 1);
        heads.push({ accountId, seq: await last });
      }
      return heads;
    },
  };
};

export const createWriter = (
  storage: Storage,
  hub: FeedHub,
  clock: Clock,
  newId: IdFactory,
  others: OtherProcesses = NOBODY_ELSE,
): Writer => {
  const sequential = createSequential();
  let waitingCatchUp: Promise<void> | undefined;
  return {
    write: (work) =>
      sequential(async () => {
        const changes: (() => void)[] = [];
        const { result, heads } = await storage.transaction(async (tx, announce) => {
          await others.beginWrite(tx);
          const seqs = createSeqs(tx);
          const written = await work({
            tx,
            now: clock.now(),
            newId,
            nextSeq: (accountId) => seqs.next(accountId),
            afterCommit: (change) => changes.push(change),
          });
          const reached = await seqs.settle();
          await announce(reached);
          return { result: written, heads: reached };
        });
        for (const change of changes) change();
        others.wrote(heads);
        for (const { accountId } of heads) hub.publish(accountId);
        return result;
      }),
    catchUp: () => {
      // One that has not begun yet will see everything that is written by now.
      waitingCatchUp ??= sequential(async () => {
        waitingCatchUp = undefined;
        // A write that came first has seen to it already.
        if (others.isBehind()) await storage.snapshot((tx) => others.catchUp(tx));
      });
      return waitingCatchUp;
    },
    idle: () => sequential(() => Promise.resolve()),
  };
};
