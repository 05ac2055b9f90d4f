import { othersFirst } from '../breather';
import type { WaitingRecipient } from '../storage/repositories/mail';
import type { ReviewRow } from '../storage/repositories/reviews';
import type { Storage } from '../storage/storage';
import type { WriteContext } from '../storage/writer';
import { deliverNext, type DeliveryOptions } from './delivery';
import { GATHER_PAUSE_MS, HOUR_MS, nextMessageAt } from './gathering';
import { noteReview } from './recipients';

/** How long the queue sleeps at most; a clock that was set, an answer that was taken back, or news from another process is seen after it. */
const LONGEST_SLEEP_MS = 5_000;
/** How often the clock is looked at while something waits for its time. */
const LOOK_MS = 1_000;
/** The pause after no server could be reached, or the database failed. */
const TROUBLE_PAUSE_MS = 10_000;
/** How long the end of the service waits for a message that is being sent. */
const STOP_GRACE_MS = 1_500;
const PRUNE_INTERVAL_MS = HOUR_MS;
/** Rows changed in one transaction: calls that are being decided wait for it. */
const ROWS_AT_ONCE = 250;
/** For so long a message is kept back while its notices are gathered. */
const HOLD_MS = 60_000;
/** Ended messages and links are remembered so long: for the log, and so that an old link says why it does nothing. */
const REMEMBER_MS = 30 * 24 * HOUR_MS;

export interface MailQueueOptions extends DeliveryOptions {
  readonly storage: Storage;
  /** Whether no other process can be sending from the same database. */
  readonly isAlone: boolean;
}

/** The durable queue of e-mails: news is noted with the question itself, gathered, sent, and tried again. */
export interface MailQueue {
  /** Notes a new question, within the write that asks it. */
  readonly reviewOpened: (write: WriteContext, review: ReviewRow) => Promise<void>;
  start(): Promise<void>;
  /** Ends what is being sent, soon; what did not get out goes out after the next start. */
  stop(): Promise<void>;
}

export const createMailQueue = (options: MailQueueOptions): MailQueue => {
  const { storage, writer, clock, log, transport } = options;
  const aborter = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isStarted = false;
  let isStopped = false;
  /** When there is something to do, as far as it is known. */
  let wakeAt = 0;
  /** Whether something waits for its time; nothing does in a quiet service, whose queue looks at the database alone. */
  let isWaiting = false;
  /** Nothing is done before: no server was reached, or the database failed. News does not end that. */
  let pausedUntil = -Infinity;
  let prunedAt = -Infinity;

  /**
   * Makes one message of the recipient's news. Much of it is gathered piece by piece, with the message held back: if
   * this ends in between, the rest comes with a later one.
   */
  const makeMessage = async (recipient: WaitingRecipient): Promise<void> => {
    const made = await writer.write(async (write) => {
      const { tx, now } = write;
      const id = write.newId();
      const gathered = await tx.mail.gather(recipient, id, now, ROWS_AT_ONCE);
      if (gathered === 0) return undefined;
      const isComplete = gathered < ROWS_AT_ONCE;
      await tx.mail.insertMessage({
        id,
        account_id: recipient.accountId,
        user_id: recipient.userId,
        created_at: now,
        state: 'queued',
        tries: 0,
        next_try_at: isComplete ? now : now + HOLD_MS,
        lease: null,
        ended_at: null,
        detail: null,
      });
      return { id, at: now, isComplete };
    });
    if (made === undefined) return;
    for (let { isComplete } = made; !isComplete;) {
      // SQLite answers at once: without a pause nothing else would run until the last piece.
      await othersFirst();
      isComplete = await writer.write(async ({ tx, now }) => {
        // Also the lock against another process that would send it now.
        if (!(await tx.mail.hold(made.id, now + HOLD_MS))) return true;
        const isLast = (await tx.mail.gather(recipient, made.id, made.at, ROWS_AT_ONCE)) < ROWS_AT_ONCE;
        if (isLast) await tx.mail.hold(made.id, now);
        return isLast;
      });
    }
  };

  /** Makes messages of what was gathered long enough. Answers when the next is to be made. */
  const gatherDue = async (): Promise<number> => {
    let next = Infinity;
    for (const recipient of await storage.read.mail.waitingRecipients()) {
      const { accountId, userId, oldestAt } = recipient;
      const now = clock.now();
      const times = await storage.read.mail.messageTimes(accountId, userId, now - HOUR_MS);
      const dueAt = nextMessageAt(oldestAt, times);
      if (dueAt > now) next = Math.min(next, dueAt);
      else await makeMessage(recipient);
    }
    return next;
  };

  const pause = (): void => {
    pausedUntil = clock.now() + TROUBLE_PAUSE_MS;
  };

  const nextTryAt = async (): Promise<number> => (await storage.read.mail.nextTryAt()) ?? Infinity;

  /** Sends what is due, as far as it is of use to go on. Answers when the next is to be sent. */
  const deliverDue = async (): Promise<number> => {
    // A look comes first: to take a message up needs a turn to write, of which PostgreSQL has one for all processes.
    let next = await nextTryAt();
    while (!isStopped && next <= clock.now()) {
      const delivered = await deliverNext(options, aborter.signal);
      next = await nextTryAt();
      if (delivered === 'unreachable') pause();
      if (delivered === 'unreachable' || delivered === 'nothing_due') break;
    }
    return next;
  };

  const pruneIfDue = async (): Promise<void> => {
    const now = clock.now();
    if (now - prunedAt < PRUNE_INTERVAL_MS) return;
    await writer.write(({ tx }) => tx.mailLinks.deleteExpiredBefore(now - REMEMBER_MS));
    for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE && !isStopped;) {
      await othersFirst();
      deleted = await writer.write(({ tx }) => tx.mail.deleteOld(now - REMEMBER_MS, ROWS_AT_ONCE));
    }
    prunedAt = now;
  };

  const work = async (): Promise<void> => {
    // What is noted while this runs sets it again.
    wakeAt = Infinity;
    isWaiting = false;
    pausedUntil = -Infinity;
    const startedAt = clock.now();
    let next = Infinity;
    try {
      const gatherAt = await gatherDue();
      next = Math.min(gatherAt, await deliverDue());
      await pruneIfDue();
    } catch (error) {
      log.write('error', 'mail.queue_failed', { error });
      pause();
    }
    isWaiting ||= next < Infinity || pausedUntil > startedAt;
    wakeAt = Math.min(wakeAt, next, startedAt + LONGEST_SLEEP_MS);
  };

  const untilWorkMs = (): number => Math.max(wakeAt, pausedUntil) - clock.now();

  const schedule = (): void => {
    if (isStopped) return;
    clearTimeout(timer);
    const longestMs = isWaiting ? LOOK_MS : LONGEST_SLEEP_MS;
    timer = setTimeout(tick, Math.min(longestMs, Math.max(0, untilWorkMs())));
    timer.unref();
  };

  const tick = (): void => {
    const untilMs = untilWorkMs();
    // A longer sleep than there can be: the clock was set back.
    if (untilMs > 0 && untilMs <= LONGEST_SLEEP_MS) {
      schedule();
      return;
    }
    running = work().finally(() => {
      running = undefined;
      schedule();
    });
  };

  return {
    reviewOpened: async (write, review) => {
      if (!(await noteReview(write, review))) return;
      write.afterCommit(() => {
        wakeAt = Math.min(wakeAt, clock.now() + GATHER_PAUSE_MS);
        isWaiting = true;
        if (isStarted && running === undefined) schedule();
      });
    },
    start: async () => {
      if (options.isAlone) await writer.write(({ tx, now }) => tx.mail.endLeases(now));
      isStarted = true;
      schedule();
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      const grace = setTimeout(() => aborter.abort(), STOP_GRACE_MS);
      await running;
      clearTimeout(grace);
      transport.close();
    },
  };
};
