import type { ServiceState } from '#shared/domain/entities';
import { DatabaseUnavailableError } from './storage/unavailable';

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
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = -Infinity;
  #isStopped = false;

  constructor(options: ReadinessOptions) {
    this.#options = options;
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

  /** Looks at the database. @throws DatabaseUnavailableError when it is in trouble. */
  async require(): Promise<void> {
    await this.#look();
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  /** Something failed that may be the database's doing. */
  suspect(): void {
    if (this.#timer === undefined && this.#looking === undefined) this.#lookAfter(PAUSE_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #lookAfter(pauseMs: number): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    const restMs = Math.max(0, this.#lookedAt + pauseMs - performance.now());
    this.#timer = setTimeout(() => void this.#look(), restMs);
    this.#timer.unref();
  }

  #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#looking ??= this.#probe().finally(() => {
      this.#looking = undefined;
      this.#lookedAt = performance.now();
      if (this.#trouble !== undefined) this.#lookAfter(PAUSE_MS);
    });
    return this.#looking;
  }

  async #probe(): Promise<void> {
    const before = this.#trouble?.reason;
    try {
      await this.#options.probe();
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = error instanceof DatabaseUnavailableError ? error : new DatabaseUnavailableError(error);
    }
    if (this.#trouble?.reason !== before) this.#options.onChange();
  }
}
