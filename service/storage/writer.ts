import type { Clock } from '../runtime/clock';
import type { FeedHub } from './feed-hub';
import type { IdFactory } from '../runtime/ids';
import { createSequential } from '#shared/async/sequential';
import { together } from '#shared/async/together';
import type { FeedHead } from './repositories/policy-changes';
import type { Repositories, Storage } from './storage';
import { DatabaseUnavailableError } from './unavailable';

/** One write. */
export interface WriteContext {
  readonly tx: Repositories;
  /** Milliseconds since the epoch, the same for the whole write. */
  readonly now: number;
  readonly newId: IdFactory;
  /** Resolves with the next sequence number of the account's change feed, whose listeners are told after the commit. */
  readonly nextSeq: (accountId: string) => Promise<number>;
  /**
   * Sends the statements of `step` when the work is done, together with those of other steps and the heads of the feeds, so that
   * they share a round trip. A step takes no sequence numbers.
   */
  readonly beforeCommit: (step: () => Promise<unknown>) => void;
  /** Runs `change` after the commit and before the listeners, to update memory. */
  readonly afterCommit: (change: () => void) => void;
}

/**
 * The only way to write: commit, then memory, then the feed's listeners, one write at a time. Memory and feed never show what
 * is not stored, and get changes in the order of the database. Where several processes share the database, each write first
 * brings memory up to date, so that its work may rely on memory. While the database does not answer, the writes that wait
 * fail with the one that found out, instead of waiting for it one after the other.
 */
export interface Writer {
  /** @param tell when readers and other processes are told. Counts alone can wait, because they come with every second of traffic. */
  write<T>(work: (context: WriteContext) => Promise<T>, tell?: 'at once' | 'later'): Promise<T>;
  /** Brings memory up to the other processes' writes, between two writes. */
  catchUp(): Promise<void>;
  /** Resolves when every earlier write is done. */
  idle(): Promise<void>;
}

/** Keeps memory up to date with other processes on the same database. */
export interface OtherProcesses {
  /** Returns true if memory is known to lack something. */
  isBehind(): boolean;
  /** Applies the changes that `tx` sees and memory lacks. */
  catchUp(tx: Repositories): Promise<void>;
  /** Catches up, before `tx` writes. */
  beginWrite(tx: Repositories): Promise<void>;
  /** Returns the head of the account's feed as the write began; undefined where only the database knows it. */
  headOf(accountId: string): number | undefined;
  /** Tells that memory has this process's own write. */
  wrote(heads: readonly FeedHead[]): void;
}

const NOBODY_ELSE: OtherProcesses = {
  isBehind: () => false,
  catchUp: () => Promise.resolve(),
  beginWrite: () => Promise.resolve(),
  headOf: () => undefined,
  wrote: () => undefined,
};

/** The sequence numbers of an account in one write. */
interface Reserved {
  /** The head of the feed before the first number. */
  readonly head: Promise<number>;
  /** Numbers that are stored already, of those given out. */
  readonly stored: number;
  given: number;
}

/** Gives out the sequence numbers of one write. */
function createSeqs(tx: Repositories, headOf: OtherProcesses['headOf']) {
  const reserved = new Map<string, Reserved>();
  const reserve = (accountId: string): Reserved => {
    const head = headOf(accountId);
    return head === undefined
      ? { head: tx.accounts.reserveSeq(accountId, 1).then((first) => first - 1), stored: 1, given: 0 }
      : { head: Promise.resolve(head), stored: 0, given: 0 };
  };
  return {
    next: async (accountId: string): Promise<number> => {
      const own = reserved.get(accountId) ?? reserve(accountId);
      reserved.set(accountId, own);
      own.given += 1;
      const { given } = own;
      return (await own.head) + given;
    },
    /** Resolves with the new heads, which `store` makes so. */
    heads: (): Promise<readonly FeedHead[]> =>
      Promise.all(
        [...reserved].map(async ([accountId, { head, given }]) => ({ accountId, seq: (await head) + given })),
      ),
    store: async (heads: readonly FeedHead[]): Promise<void> => {
      for (const { accountId, seq } of heads) {
        const { stored = 0, given = 0 } = reserved.get(accountId) ?? {};
        const more = given - stored;
        if (more === 0) continue;
        const last = await tx.accounts.reserveSeq(accountId, more);
        if (last !== seq) throw new Error(`the feed of account ${accountId} is at ${last}, not at ${seq}`);
      }
    },
  };
}

export function createWriter(
  storage: Storage,
  hub: FeedHub,
  clock: Clock,
  newId: IdFactory,
  others: OtherProcesses = NOBODY_ELSE,
): Writer {
  const sequential = createSequential();
  let waitingCatchUp: Promise<void> | undefined;
  let asked = 0;
  let unavailable = { upTo: 0, error: new DatabaseUnavailableError(undefined) };

  const writeNow = async <T>(
    work: (context: WriteContext) => Promise<T>,
    tell: 'at once' | 'later',
  ): Promise<T> => {
    const changes: (() => void)[] = [];
    const steps: (() => Promise<unknown>)[] = [];
    const { result, heads } = await storage.transaction(async (tx, announce) => {
      await others.beginWrite(tx);
      const seqs = createSeqs(tx, (accountId) => others.headOf(accountId));
      const written = await work({
        tx,
        now: clock.now(),
        newId,
        nextSeq: (accountId) => seqs.next(accountId),
        beforeCommit: (step) => steps.push(step),
        afterCommit: (change) => changes.push(change),
      });
      const reached = await seqs.heads();
      await together([
        ...steps.map((step) => step()),
        seqs.store(reached),
        ...(tell === 'at once' ? [announce(reached)] : []),
      ]);
      return { result: written, heads: reached };
    });
    for (const change of changes) change();
    others.wrote(heads);
    for (const { accountId } of heads) {
      if (tell === 'at once') hub.publish(accountId);
      else hub.publishLater(accountId);
    }
    return result;
  };

  return {
    write: (work, tell = 'at once') => {
      asked += 1;
      const turn = asked;
      return sequential(async () => {
        if (turn <= unavailable.upTo) throw unavailable.error;
        try {
          return await writeNow(work, tell);
        } catch (error) {
          if (error instanceof DatabaseUnavailableError) unavailable = { upTo: asked, error };
          throw error;
        }
      });
    },
    catchUp: () => {
      // A catch-up that has not begun will see everything that is committed by now.
      waitingCatchUp ??= sequential(async () => {
        waitingCatchUp = undefined;
        // An earlier write may have caught up already.
        if (others.isBehind()) await storage.snapshot((tx) => others.catchUp(tx));
      });
      return waitingCatchUp;
    },
    idle: () => sequential(() => Promise.resolve()),
  };
}
