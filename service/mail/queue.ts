import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import type { WaitingRecipient } from '../storage/repositories/mail';
import type { ReviewRow } from '../storage/repositories/reviews';
import type { Storage } from '../storage/storage';
import type { WriteContext } from '../storage/writer';
import { createWorkLoop } from '../runtime/work-loop';
import { deliverNext, type DeliveryOptions } from './delivery';
import { noteReview } from './recipients';

/** The longest sleep, after which the queue notices a changed clock, a reopened review or a review of another process. */
const LONGEST_SLEEP_MS = 5 * SECOND_MS;
/** The queue reads the clock this often while something waits for its time, because the clock may be set forward. */
const LOOK_MS = SECOND_MS;
/** The pause after the server was unreachable or the database failed. */
const TROUBLE_PAUSE_MS = 10 * SECOND_MS;
/** The end of the service waits this long for a message that is being sent. */
const STOP_GRACE_MS = 1_500;
/** Limit of rows that one transaction changes, because other writes wait for it. */
const ROWS_AT_ONCE = 250;
/** A message is held back this long while its notices are gathered. */
const HOLD_MS = MINUTE_MS;
/** Ended messages and links are kept this long, so that an old link says why it does nothing. */
const REMEMBER_MS = 30 * 24 * HOUR_MS;

/** The first review waits this long, so that others come with it. */
export const GATHER_PAUSE_MS = 2 * SECOND_MS;
/** The pause after one message within the hour. Each further message doubles it. */
const FIRST_GAP_MS = MINUTE_MS;
export const MAX_MESSAGES_PER_HOUR = 6;

/**
 * Returns the earliest time (milliseconds since the epoch) of the recipient's next message. Each message within the hour makes
 * the next one wait longer, so that a flood of reviews becomes a few summaries.
 * @param oldestAt the time of the oldest waiting review.
 * @param messageTimes the times of the recipient's messages, at least those of the last hour.
 */
export function nextMessageAt(oldestAt: number, messageTimes: readonly number[]): number {
  const times = messageTimes.toSorted((a, b) => a - b);
  let at = oldestAt + GATHER_PAUSE_MS;
  for (;;) {
    const recent = times.filter((time) => time > at - HOUR_MS);
    const [first] = recent;
    const last = recent.at(-1);
    if (first === undefined || last === undefined) return at;
    // From then on the first message no longer counts.
    const fewer = first + HOUR_MS;
    const full = recent.length >= MAX_MESSAGES_PER_HOUR;
    const allowedAt = full ? fewer : last + FIRST_GAP_MS * 2 ** (recent.length - 1);
    if (!full && at >= allowedAt) return at;
    at = Math.min(allowedAt, fewer);
  }
}

interface MailQueueOptions extends DeliveryOptions {
  readonly storage: Storage;
  /** True if no other process can send from the same database. */
  readonly isAlone: boolean;
}

/**
 * The durable queue of e-mails. A review is noted in the transaction that opens it; reviews are gathered into messages,
 * which are sent and tried again.
 */
export interface MailQueue {
  /** Notes a new review within the write that opens it. */
  readonly reviewOpened: (write: WriteContext, review: ReviewRow) => Promise<void>;
  start(): Promise<void>;
  /** Aborts a sending that takes too long. Unsent messages are sent after the next start. */
  stop(): Promise<void>;
}

export function createMailQueue(options: MailQueueOptions): MailQueue {
  const { storage, writer, clock, log, transport } = options;
  const aborter = new AbortController();
  let isStopped = false;
  /** The earliest known time of work. */
  let wakeAt = 0;
  /** True if something waits for its time. */
  let isWaiting = false;
  /** The end of the pause after trouble, which new reviews do not shorten. */
  let pausedUntil = -Infinity;
  let prunedAt = -Infinity;

  /**
   * Makes one message of the recipient's reviews. It is held back while they are gathered in batches. If the service ends
   * in between, the rest comes with a later message.
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
      isComplete = await writer.write(async ({ tx, now }) => {
        // This also locks the message against another process that would send it now.
        if (!(await tx.mail.hold(made.id, now + HOLD_MS))) return true;
        const isLast = (await tx.mail.gather(recipient, made.id, made.at, ROWS_AT_ONCE)) < ROWS_AT_ONCE;
        if (isLast) await tx.mail.hold(made.id, now);
        return isLast;
      });
    }
  };

  /** Makes the messages that are due, and returns the time of the next one. */
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

  /** Sends the messages that are due while the server can be reached, and returns the time of the next try. */
  const deliverDue = async (): Promise<number> => {
    // The read spares the writer, because in PostgreSQL all processes share one turn to write.
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
    if (now - prunedAt < HOUR_MS) return;
    await writer.write(({ tx }) => tx.mailLinks.deleteExpiredBefore(now - REMEMBER_MS));
    for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE && !isStopped;) {
      deleted = await writer.write(({ tx }) => tx.mail.deleteOld(now - REMEMBER_MS, ROWS_AT_ONCE));
    }
    prunedAt = now;
  };

  const work = async (): Promise<void> => {
    // A review that is noted during the work sets both again.
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

  const sleep = (): void => {
    loop.wake(Math.min(isWaiting ? LOOK_MS : LONGEST_SLEEP_MS, Math.max(0, untilWorkMs())));
  };

  const loop = createWorkLoop({
    work: async () => {
      const untilMs = untilWorkMs();
      // A remaining time longer than any sleep means that the clock was set back.
      if (untilMs <= 0 || untilMs > LONGEST_SLEEP_MS) await work();
      sleep();
    },
    onError: (error) => log.write('error', 'mail.queue_failed', { error }),
  });

  return {
    reviewOpened: async (write, review) => {
      if (!(await noteReview(write, review))) return;
      write.afterCommit(() => {
        wakeAt = Math.min(wakeAt, clock.now() + GATHER_PAUSE_MS);
        isWaiting = true;
        sleep();
      });
    },
    start: async () => {
      if (options.isAlone) await writer.write(({ tx, now }) => tx.mail.endLeases(now));
      loop.start();
      loop.wake(0);
    },
    stop: async () => {
      isStopped = true;
      const grace = setTimeout(() => aborter.abort(), STOP_GRACE_MS);
      await loop.stop();
      clearTimeout(grace);
      transport.close();
    },
  };
}
