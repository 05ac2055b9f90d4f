import { DatabaseWentBackError, type PolicyFollower } from '../policy/policy-follower';
import type { ServiceLog } from '../service-log';
import type { Notices } from '../storage/storage';
import { DatabaseUnavailableError } from '../storage/unavailable';
import type { Writer } from '../storage/writer';
import { createWorkLoop, type WorkLoop } from '../runtime/work-loop';

/**
 * The longest time for which memory may go unconfirmed before calls are no longer decided from it. A database that is
 * restarted is back sooner; an approval or a denial given elsewhere is not missed for longer.
 */
export const MAX_UNCONFIRMED_MS = 5_000;

/**
 * Pauses between looks at the database: while all is well, and while notices are not heard or a look has failed. The longer one
 * leaves a look the two seconds that it is waited for before memory is too old.
 */
const LOOK_PAUSE_MS = 3_000;
const TROUBLE_LOOK_PAUSE_MS = 200;

/** Memory may lack what other processes have written; nothing may be decided from it. */
export class UnconfirmedPolicyError extends DatabaseUnavailableError {
  constructor(unconfirmedMs: number) {
    const seconds = Math.floor(unconfirmedMs / 1000);
    super(undefined, `the policy was last confirmed against it ${seconds} seconds ago`);
  }
}

export interface FollowerOptions {
  readonly notices: Notices;
  readonly writer: Pick<Writer, 'catchUp' | 'write'>;
  readonly policies: PolicyFollower;
  readonly log: ServiceLog;
  /** Called when a look at the database fails for the first time. */
  readonly onFailing?: () => void;
}

/**
 * Follows what other processes write: at once on a notice, and by looking now and then, which also proves that the
 * database is there. Time is monotonic: a clock that is set neither ages nor renews what memory holds.
 */
export class Follower {
  readonly #options: FollowerOptions;
  #confirmedAt = performance.now();
  #wentBack: DatabaseWentBackError | undefined;
  #isListening = false;
  #failing = false;
  #listening: { stop(): Promise<void> } | undefined;
  readonly #loop: WorkLoop;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#loop = createWorkLoop({
      work: () => this.#look(),
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

  /** @throws UnconfirmedPolicyError or DatabaseWentBackError when memory may not be what the database says. */
  requireConfirmed(): void {
    if (this.#wentBack !== undefined) throw this.#wentBack;
    const unconfirmedMs = performance.now() - this.#confirmedAt;
    if (unconfirmedMs > MAX_UNCONFIRMED_MS) throw new UnconfirmedPolicyError(unconfirmedMs);
  }

  async #look(): Promise<void> {
    const { notices, writer, policies, log, onFailing } = this.#options;
    const askedAt = performance.now();
    try {
      policies.compare(await notices.heads());
      if (policies.isElsewhere) await writer.write(() => Promise.resolve());
      else if (policies.isBehind()) await writer.catchUp();
      this.#confirmedAt = askedAt;
      this.#wentBack = undefined;
      if (this.#failing) log.write('info', 'feed.confirmed_again');
      this.#failing = false;
    } catch (error) {
      if (error instanceof DatabaseWentBackError) this.#wentBack = error;
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
      this.#options.log.write('error', 'feed.catch_up_failed', { error });
    });
  }
}
