import type { ServiceState } from '#shared/domain/entities';
import { DatabaseUnavailableError } from './storage/unavailable';
import { createWorkLoop, type WorkLoop } from './runtime/work-loop';

/** The shortest time from one look at the database to the next, but for those that somebody asks for. */
const PAUSE_MS = 1_000;

export interface ReadinessOptions {
  /** Rejects when the database cannot be read and written. */
  readonly probe: () => Promise<void>;
  /** What is wrong with how calls arrive, in sentences; undefined where nothing is. */
  readonly proxyFaults: () => string | undefined;
  /** What calls get that cannot be decided. */
  readonly onError: 'deny' | 'allow';
  /** Called when the state is another one. */
  readonly onChange: () => void;
}

/**
 * Knows what calls to the protected API get. `/readyz` tells it, and so does each answer to a console. Whoever fails at the
 * database says so with `suspect`; a probe then finds out, and is repeated until it passes, so that both the beginning and
 * the end of a trouble are known without anybody asking.
 */
export class Readiness {
  readonly #options: ReadinessOptions;
  #trouble: DatabaseUnavailableError | undefined;
  #asked: Promise<void> | undefined;
  #isLooking = false;
  #lookedAt = -Infinity;
  readonly #loop: WorkLoop;

  constructor(options: ReadinessOptions) {
    this.#options = options;
    this.#loop = createWorkLoop({
      work: () => this.#look(),
      onError: (error) => {
        throw error;
      },
    });
    this.#loop.start();
  }

  /** Returns what is known at this moment. */
  state(): ServiceState {
    const faults = this.#options.proxyFaults();
    if (this.#trouble === undefined) {
      return faults === undefined ? { state: 'ready', why: null } : { state: 'degraded', why: faults };
    }
    const trouble = `The service’s database is not available: ${this.#trouble.reason}.`;
    const why = faults === undefined ? trouble : `${trouble} ${faults}`;
    return this.#options.onError === 'deny'
      ? { state: 'refusing', why }
      : { state: 'degraded', why, letsIn: true };
  }

  /** Looks at the database, once for all who ask meanwhile. @throws DatabaseUnavailableError when it is in trouble. */
  async require(): Promise<void> {
    this.#asked ??= this.#loop.run().finally(() => {
      this.#asked = undefined;
    });
    await this.#asked;
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  /** Has the database looked at because something failed that may be its doing. */
  suspect(): void {
    if (!this.#isLooking) this.#loop.wake(Math.max(0, this.#lookedAt + PAUSE_MS - performance.now()));
  }

  /** Does not wait for a look that is under way: the database may be long in answering. */
  stop(): void {
    void this.#loop.stop();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const before = this.#trouble?.reason;
    try {
      await this.#options.probe();
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = error instanceof DatabaseUnavailableError ? error : new DatabaseUnavailableError(error);
      this.#loop.wake(PAUSE_MS);
    }
    this.#isLooking = false;
    this.#lookedAt = performance.now();
    if (this.#trouble?.reason !== before) this.#options.onChange();
  }
}
