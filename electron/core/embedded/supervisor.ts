import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { MINUTE_MS, SECOND_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import { backoffDelayMs } from '../sync/backoff';
import { launchEmbedded, type LaunchParts, type LaunchResult, type RunningService } from './launch';
import { startSentence } from './start-sentence';

export interface SupervisorObserver {
  /** The service ended by itself and will be restarted. */
  onStopped(): void;
  /** The service runs again, with a new token. */
  onRestarted(service: RunningService): void;
  /** The service needs a person's help to start again. */
  onGivenUp(message: string): void;
}

/** A port that our own former process used may take a moment to be free. */
const BUSY_TRIES = 3;
const BUSY_PAUSE_MS = 500;
const RESTART_BACKOFF = { floorMs: 250, baseMs: SECOND_MS, ceilingMs: 30 * SECOND_MS };
/** After so many failed starts in a row a person is asked. */
const MOST_FAILED_STARTS = 6;
/** A run this long was no part of a row of failures. */
const HEALTHY_RUN_MS = MINUTE_MS;

/** Keeps the embedded service running: starts it, restarts it when it ends by itself, and stops it cleanly. */
export class EmbeddedSupervisor {
  readonly #parts: LaunchParts;
  readonly #observer: SupervisorObserver;
  readonly #stopping = new AbortController();
  #service: RunningService | undefined;
  #watch: Promise<void> = Promise.resolve();

  constructor(parts: LaunchParts, observer: SupervisorObserver) {
    this.#parts = parts;
    this.#observer = observer;
  }

  /** Starts the service at the first free candidate. */
  async start(candidates: readonly string[]): Promise<Outcome<RunningService>> {
    const result = await this.#startAtOneOf(candidates);
    if (!result.ok) return failed({ kind: 'service', code: result.code, message: result.message });
    this.#service = result.service;
    this.#watch = this.#keepRunning(result.service);
    return succeeded(result.service);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#service?.stop();
    await this.#watch;
  }

  async #startAtOneOf(candidates: readonly string[]): Promise<LaunchResult> {
    const tries = candidates.length === 1 ? BUSY_TRIES : 1;
    let result: LaunchResult = { ok: false, code: 'internal', message: t('embedded.noAddress') };
    for (let round = 0; round < tries; round += 1) {
      if (round > 0) await this.#parts.clock.sleep(BUSY_PAUSE_MS, this.#stopping.signal);
      for (const listen of candidates) {
        result = await launchEmbedded(this.#parts, listen);
        if (result.ok) return result;
        this.#parts.log.warn('embedded.not_started', { listen, code: result.code, message: result.message });
        if (result.code !== 'address_in_use') return this.#withSentence(result, candidates);
      }
    }
    return this.#withSentence(result, candidates);
  }

  #withSentence(result: LaunchResult & { ok: false }, tried: readonly string[]): LaunchResult {
    if (result.code === 'exited' || result.code === 'timeout') return result;
    const { dataDir } = this.#parts.settings;
    return { ...result, message: startSentence(result.code, result.message, tried, dataDir) };
  }

  async #keepRunning(first: RunningService): Promise<void> {
    const { clock, random, log } = this.#parts;
    let service = first;
    let failures = 0;
    for (;;) {
      const startedAt = clock.now();
      await service.ended;
      if (this.#stopping.signal.aborted) return;
      if (clock.now() - startedAt >= HEALTHY_RUN_MS) failures = 0;
      log.error('embedded.ended', { url: service.url });
      this.#observer.onStopped();
      // Callers expect the service at the same address.
      const listen = new URL(service.url).host;
      let result: LaunchResult;
      do {
        failures += 1;
        await clock.sleep(backoffDelayMs(failures, RESTART_BACKOFF, random), this.#stopping.signal);
        if (this.#isStopping()) return;
        result = await this.#startAtOneOf([listen]);
      } while (!result.ok && isWorthRetrying(result.code) && failures < MOST_FAILED_STARTS);
      if (!result.ok) {
        this.#observer.onGivenUp(result.message);
        return;
      }
      service = result.service;
      this.#service = service;
      if (this.#isStopping()) {
        await service.stop();
        return;
      }
      this.#observer.onRestarted(service);
    }
  }

  /** A method, because the compiler does not see that the value may change during an await. */
  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}

function isWorthRetrying(code: (LaunchResult & { ok: false })['code']): boolean {
  return code !== 'database_damaged' && code !== 'invalid_setting';
}
