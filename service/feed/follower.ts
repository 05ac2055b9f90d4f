import { SECOND_MS } from '#shared/durations';
import type { PolicyFollower } from '../policy/policy-follower';
import { oncePerMinute, type ServiceLog } from '../service-log';
import type { SharedClock } from '../runtime/shared-clock';
import type { DatabaseLook, Notices } from '../storage/storage';
import { DatabaseUnavailableError } from '../storage/unavailable';
import type { Writer } from '../storage/writer';
import { createWorkLoop, type WorkLoop } from '../runtime/work-loop';

/**
 * Age from which memory decides no calls (docs/behaviour.md 7.6). It covers a restart of the database, and bounds for how
 * long an answer given at another process is missed.
 */
const MAX_UNCONFIRMED_MS = 5 * SECOND_MS;

/**
 * Pauses between looks at the database; the shorter one while notices are lost or a look failed. The longer one leaves a look
 * its two seconds of patience before {@link MAX_UNCONFIRMED_MS} is over.
 */
const LOOK_PAUSE_MS = 3 * SECOND_MS;
const TROUBLE_LOOK_PAUSE_MS = 200;

/** Memory may lack changes of other processes, so nothing may be decided from it. */
export class UnconfirmedPolicyError extends DatabaseUnavailableError {
  constructor(unconfirmedMs: number) {
    const seconds = Math.floor(unconfirmedMs / SECOND_MS);
    super(undefined, { reason: 'unconfirmed', seconds });
  }
}

interface FollowerOptions {
  readonly notices: Notices;
  readonly writer: Pick<Writer, 'catchUp' | 'write'>;
  readonly policies: PolicyFollower;
  readonly log: ServiceLog;
  /** Goes by the database's time; undefined if the clock is not to be corrected. */
  readonly clock: SharedClock | undefined;
  /** Called when a look at the database fails for the first time. */
  readonly onFailing?: () => void;
}

/**
 * Follows the writes of other processes: at once on a notice, and by regular looks, which also prove that the database
 * answers. Ages are monotonic, so that setting the clock neither ages nor renews memory.
 */
export class Follower {
  readonly #options: FollowerOptions;
  /** For what fails again with every notice. */
  readonly #repeatedLog: ServiceLog;
  #confirmedAt = performance.now();
  #isListening = false;
  #failing = false;
  #listening: { stop(): Promise<void> } | undefined;
  readonly #loop: WorkLoop;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#repeatedLog = oncePerMinute(options.log);
    this.#loop = createWorkLoop({
      work: () => this.#confirm(),
      onError: (error) => options.log.write('error', 'feed.confirm_failed', { error }),
    });
  }

  start(): void {
    const { notices, policies, log } = this.#options;
    this.#listening = notices.listen({
      onNotice: (head) => {
        policies.heard([head]);
        // Usually our own notice.
        if (policies.isBehind()) this.#catchUpSoon();
      },
      onListening: () => {
        this.#isListening = true;
        log.write('info', 'feed.listening');
        this.#loop.wake(0);
      },
      onLost: (error) => {
        if (this.#isListening) log.write('warn', 'feed.listening_lost', { error });
        this.#isListening = false;
      },
    });
    this.#loop.start();
    this.#loop.wake(TROUBLE_LOOK_PAUSE_MS);
  }

  async stop(): Promise<void> {
    const stopped = this.#loop.stop();
    await this.#listening?.stop();
    await stopped;
  }

  /** The age of memory in milliseconds: the time since it was last confirmed. */
  get unconfirmedMs(): number {
    return performance.now() - this.#confirmedAt;
  }

  /** @throws UnconfirmedPolicyError if memory may differ from the database. */
  requireConfirmed(): void {
    this.requireYounger(MAX_UNCONFIRMED_MS);
  }

  /** @throws UnconfirmedPolicyError if memory was confirmed longer ago. */
  requireYounger(ms: number): void {
    if (this.unconfirmedMs > ms) throw new UnconfirmedPolicyError(this.unconfirmedMs);
  }

  async #confirm(): Promise<void> {
    const { notices, writer, policies, log, clock, onFailing } = this.#options;
    const askedAt = performance.now();
    try {
      const look = (): Promise<DatabaseLook> => notices.look();
      const { states } = await (clock?.measure(look) ?? look());
      policies.compare(states);
      if (policies.needsEpoch) await writer.write(() => Promise.resolve());
      else if (policies.isBehind()) await writer.catchUp();
      this.#confirmedAt = askedAt;
      if (this.#failing) log.write('info', 'feed.confirmed_again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) {
        log.write('error', 'feed.confirm_failed', { error });
        onFailing?.();
      }
      this.#failing = true;
    }
    this.#loop.wake(this.#isListening && !this.#failing ? LOOK_PAUSE_MS : TROUBLE_LOOK_PAUSE_MS);
  }

  #catchUpSoon(): void {
    this.#options.writer.catchUp().catch((error: unknown) => {
      this.#repeatedLog.write('error', 'feed.catch_up_failed', { error });
    });
  }
}
