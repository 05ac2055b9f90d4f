import { MINUTE_MS, SECOND_MS } from '#shared/durations';
import { MAX_OPERATIONS } from '#shared/api/routes-operations';
import type { Failure } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import type { ApiClient } from '../api/client';
import type { Clock, Log, Random } from '../ports';
import { backoffDelayMs } from '../sync/backoff';
import type { Replica } from '../sync/replica';
import type { SendingTrouble } from '../sync/sync-status';
import { storageFailureOf } from '../store/storage-failure';
import { messageOf } from '../text';
import { yieldToEventLoop } from '../yield-to-event-loop';
import { type QueuedOperation, isWaiting } from './queued-operation';
import type { Outbox } from './outbox';
import { afterSendFailure } from './send-failure';

const BACKOFF = { floorMs: 500, baseMs: SECOND_MS, ceilingMs: 30 * SECOND_MS };
/** The first request after a pause is short, so that a person soon sees what has become of it, and can stop the rest. */
const FIRST_OPERATIONS = 100;
/** A full batch takes the service some hundred transactions. */
const TIMEOUT_MS = MINUTE_MS;

export interface DrainerParts {
  readonly client: ApiClient;
  readonly replica: Replica;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called when the service could not be reached or refused the token; the poller then finds out which. */
  readonly onUnreachable: () => void;
}

/**
 * Sends the queued operations to the service in batches, as long as the poller finds the service answering. Each turn schedules
 * the next one after its own work; without work the loop sleeps until `wake()`.
 */
export class Drainer {
  readonly #parts: DrainerParts;
  readonly #stopped = new AbortController();
  #pause = new AbortController();
  #request = new AbortController();
  #loop: Promise<void> | null = null;
  #unsubscribe: () => void = () => undefined;
  /** True while the loop sleeps for want of work. */
  #idle = false;
  #failures = 0;
  #limit = FIRST_OPERATIONS;
  /** Failures of the service over an operation that was sent alone, by id. Blamed operations go last. */
  readonly #blamed = new Map<string, number>();

  constructor(parts: DrainerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#unsubscribe = this.#parts.replica.subscribe(() => this.#wakeForWork());
    this.#loop ??= this.#run();
  }

  /** Aborts the running request, whose operations stay queued, and resolves when the loop has ended. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopped.abort();
    this.#request.abort();
    this.#pause.abort();
    await this.#loop;
  }

  /**
   * Aborts the running request and sends anew. After the computer slept the connection may be dead without an error until the
   * timeout.
   */
  retryNow(): void {
    this.#request.abort();
    this.wake();
  }

  /** Ends the pause, for instance because the service answers again. */
  wake(): void {
    this.#idle = false;
    this.#pause.abort();
  }

  /** New work ends only a pause for want of work, never a pause after a failure. */
  #wakeForWork(): void {
    if (this.#idle && this.#hasWork()) this.wake();
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  #hasWork(): boolean {
    const { replica } = this.#parts;
    return replica.connection.kind === 'online' && (replica.outbox?.nextBatch(1).length ?? 0) > 0;
  }

  async #run(): Promise<void> {
    const { clock } = this.#parts;
    while (!this.#isStopped()) {
      this.#pause = new AbortController();
      const pauseMs = await this.#takeTurn();
      if (this.#isStopped()) break;
      this.#idle = pauseMs === Infinity;
      // Work that came at the end of the turn could not wake a pause that had not begun.
      if (this.#idle && this.#hasWork()) continue;
      if (this.#idle) this.#limit = FIRST_OPERATIONS;
      await clock.sleep(pauseMs, this.#pause.signal);
      // The task that queued the work ends first: a thousand operations are long enough without being sent.
      await yieldToEventLoop();
      this.#idle = false;
    }
  }

  /** Sends one batch. Returns the pause after it in milliseconds: 0 while there is more, Infinity without work. */
  async #takeTurn(): Promise<number> {
    const { replica, clock, log, random } = this.#parts;
    const { outbox } = replica;
    if (outbox === null || replica.connection.kind !== 'online') return Infinity;
    let sent: readonly QueuedOperation[] = [];
    this.#request = new AbortController();
    try {
      outbox.holdStale(clock.now());
      const batch = this.#choose(outbox);
      if (batch.length === 0) return Infinity;
      sent = outbox.markSent(batch, this.#parts.client.clockOffsetMs);
      return await this.#send(outbox, sent);
    } catch (error) {
      // An aborted request was given up on purpose; its operations are sent again.
      if (this.#request.signal.aborted) return 0;
      // The cause may pass (a full disk), so the loop goes on and the operations go once it has.
      log.error('outbox.failed', { message: messageOf(error) });
      const message = storageFailureOf(error)?.message ?? t('refusals.notSent', { why: messageOf(error) });
      if (replica.outbox === outbox) {
        tryTo(() => outbox.unanswered(sent, message));
        replica.setSendingTrouble({ because: 'own_trouble', message });
      }
      this.#failures += 1;
      return backoffDelayMs(this.#failures, BACKOFF, random);
    }
  }

  /** The next batch in order; while operations are blamed, those without blame go first. */
  #choose(outbox: Outbox): readonly QueuedOperation[] {
    this.#forgetBlame(outbox);
    if (this.#blamed.size === 0) return outbox.nextBatch(this.#limit);
    const blame = (queued: QueuedOperation): number => this.#blamed.get(queued.operation.id) ?? 0;
    const free = outbox
      .nextBatch(Infinity)
      .toSorted((a, b) => blame(a) - blame(b) || a.position - b.position);
    const blameless = free.filter((queued) => blame(queued) === 0);
    return (blameless.length > 0 ? blameless : free.slice(0, 1)).slice(0, this.#limit);
  }

  async #send(outbox: Outbox, sent: readonly QueuedOperation[]): Promise<number> {
    const { client, replica, clock } = this.#parts;
    const operations = sent.map(({ operation }) => operation);
    const answer = await client.call(
      'applyOperations',
      { body: { operations } },
      { signal: this.#request.signal, timeoutMs: TIMEOUT_MS },
    );
    // The account's store may have been closed meanwhile. Its operations are sent again when it is opened.
    if (replica.outbox !== outbox) return 0;
    if (!answer.ok) return this.#onFailure(outbox, sent, answer.failure);
    outbox.answered(sent, answer.value.results, clock.now() + replica.clockOffsetMs);
    this.#failures = 0;
    for (const { operation } of sent) this.#blamed.delete(operation.id);
    this.#limit = Math.min(this.#limit * 2, MAX_OPERATIONS);
    replica.setSendingTrouble(null);
    const isSilent = answer.value.results.length < sent.length;
    return isSilent ? this.#backOff() : 0;
  }

  #onFailure(outbox: Outbox, sent: readonly QueuedOperation[], failure: Failure): number {
    const { replica, log, onUnreachable } = this.#parts;
    log.warn('outbox.failure', { kind: failure.kind, message: failure.message, operations: sent.length });
    const next = afterSendFailure(failure, sent.length);
    if (next.do === 'reject') {
      outbox.refused(sent, next.code, failure.message);
      return 0;
    }
    outbox.unanswered(sent, failure.message);
    switch (next.do) {
      case 'retry': {
        const [only] = sent;
        // A service that answers polls may still refuse operations, for instance with a full disk.
        replica.setSendingTrouble(serviceTrouble(failure));
        if (failure.kind === 'unreachable') onUnreachable();
        if (isOfTheService(failure) && sent.length === 1 && only !== undefined) this.#blame(only);
        return this.#backOff();
      }
      case 'wait':
        replica.setSendingTrouble({ because: 'rate_limited', message: failure.message });
        return Math.max(next.delayMs, this.#backOff());
      case 'pause':
        onUnreachable();
        return Math.max(BACKOFF.baseMs, this.#backOff());
      case 'isolate':
        replica.setSendingTrouble(serviceTrouble(failure));
        this.#limit = Math.max(1, Math.floor(sent.length / 4));
        return this.#backOff();
    }
  }

  #blame(queued: QueuedOperation): void {
    const { id } = queued.operation;
    this.#blamed.set(id, (this.#blamed.get(id) ?? 0) + 1);
  }

  /** Removes the blame of operations that are gone or no longer waiting, so that they delay no others. */
  #forgetBlame(outbox: Outbox): void {
    for (const id of this.#blamed.keys()) {
      const queued = outbox.get(id);
      if (queued === undefined || !isWaiting(queued)) this.#blamed.delete(id);
    }
  }

  #backOff(): number {
    this.#failures += 1;
    return backoffDelayMs(this.#failures, BACKOFF, this.#parts.random);
  }
}

function isOfTheService({ kind }: Failure): boolean {
  return kind === 'service' || kind === 'internal';
}

function serviceTrouble({ message }: Failure): SendingTrouble {
  return { because: 'service_trouble', message };
}

/** Runs work that may fail for the same reason as the failure before it; the next turn or start repeats it. */
function tryTo(work: () => void): void {
  try {
    work();
  } catch {
    // Only the first error is reported.
  }
}
