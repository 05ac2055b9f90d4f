import type { ServiceState } from '#shared/domain/entities';
import type { Sentence } from '#shared/domain/sentence';
import { within } from '#shared/async/within';
import { SECOND_MS } from '#shared/durations';
import { DatabaseUnavailableError } from './storage/unavailable';
import { createWorkLoop, type WorkLoop } from './runtime/work-loop';

/** The shortest time between two probes of the database, because a probe writes and anybody may ask for the state. */
const PAUSE_MS = SECOND_MS;
/** The longest time for which somebody who asks for the state waits for a probe. */
const PATIENCE_MS = SECOND_MS / 2;

interface ReadinessOptions {
  /** Rejects if the database cannot be read and written. */
  readonly probe: () => Promise<void>;
  /** Returns what is wrong although verdicts are given; empty if nothing is. */
  readonly faults: () => readonly Sentence[];
  /** Returns how calls are decided while the database is in trouble; undefined if they are not. */
  readonly decidesAlone: () => Sentence | undefined;
  /** The answer to calls that cannot be decided. */
  readonly onError: 'deny' | 'allow';
  /** Called when the database's trouble begins, ends or changes. */
  readonly onChange: () => void;
}

function saying(sentences: readonly Sentence[]) {
  return {
    why: sentences.map(({ english }) => english).join(' '),
    whyWords: sentences.map(({ words }) => words),
  };
}

/**
 * Knows the state of the service (docs/behaviour.md 7.1). Code that fails at the database calls `suspect`. A probe then
 * checks the database and repeats until it passes, so that the end of a trouble is noticed without any call.
 */
export class Readiness {
  readonly #options: ReadinessOptions;
  #trouble: DatabaseUnavailableError | undefined;
  #probing: Promise<void> | undefined;
  #probedAt = -Infinity;
  #troubleSince = 0;
  #isStopping = false;
  readonly #loop: WorkLoop;

  constructor(options: ReadinessOptions) {
    this.#options = options;
    this.#loop = createWorkLoop({
      work: () => this.#probeIfDue(),
      onError: (error) => {
        throw error;
      },
    });
    this.#loop.start();
  }

  state(): ServiceState {
    const faults = this.#options.faults();
    if (this.#trouble === undefined) {
      return faults.length === 0 ? { state: 'ready', why: null } : { state: 'degraded', ...saying(faults) };
    }
    const alone = this.#options.decidesAlone();
    const told = saying([this.#trouble.said, ...(alone === undefined ? [] : [alone]), ...faults]);
    if (alone !== undefined) return { state: 'degraded', ...told };
    return this.#options.onError === 'deny'
      ? { state: 'refusing', ...told }
      : { state: 'degraded', ...told, letsIn: true };
  }

  /**
   * Relies on the last probe while it is fresh, and does not wait long for another.
   * @throws DatabaseUnavailableError if the database is in trouble, and calls are not decided without it.
   */
  async require(): Promise<void> {
    try {
      await within(PATIENCE_MS, this.#probeIfDue(), () => new DatabaseUnavailableError(undefined));
      if (this.#trouble !== undefined) throw this.#trouble;
    } catch (error) {
      // A process that decides all the same must not be taken out of service, not even before the probe has failed.
      if (this.#options.decidesAlone() === undefined) throw error;
    }
  }

  get isInTrouble(): boolean {
    return this.#trouble !== undefined;
  }

  /** Milliseconds for which the database has been in trouble; 0 while it is not. */
  get troubleMs(): number {
    return this.#trouble === undefined ? 0 : performance.now() - this.#troubleSince;
  }

  /** True once the process is to end. It goes on answering for a while, but new calls are to go elsewhere. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  beginStop(): void {
    this.#isStopping = true;
  }

  /** Schedules a probe after a failure that the database may have caused. */
  suspect(): void {
    if (this.#probing === undefined) this.#loop.wake(this.#untilDueMs());
  }

  /** Does not wait for a probe in progress, because the database may take long to answer. */
  stop(): void {
    void this.#loop.stop();
  }

  #untilDueMs(): number {
    return Math.max(0, this.#probedAt + PAUSE_MS - performance.now());
  }

  /** Probes the database, once for all who ask meanwhile. */
  async #probeIfDue(): Promise<void> {
    const waitMs = this.#untilDueMs();
    if (waitMs === 0) {
      this.#probing ??= this.#probe().finally(() => {
        this.#probing = undefined;
      });
      await this.#probing;
    }
    if (this.#trouble !== undefined) this.#loop.wake(waitMs === 0 ? PAUSE_MS : waitMs);
  }

  async #probe(): Promise<void> {
    const before = this.#trouble?.said.english;
    try {
      await this.#options.probe();
      this.#trouble = undefined;
    } catch (error) {
      if (before === undefined) this.#troubleSince = performance.now();
      this.#trouble = error instanceof DatabaseUnavailableError ? error : new DatabaseUnavailableError(error);
    }
    this.#probedAt = performance.now();
    if (this.#trouble?.said.english !== before) this.#options.onChange();
  }
}
