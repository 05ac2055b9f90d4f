import { MAX_OPERATIONS } from '#shared/api/routes-operations';
import type { Failure } from '#shared/ipc/failure';
import type { ApiClient } from '../api/client';
import type { Clock, Log, Random } from '../ports';
import { backoffDelayMs } from '../sync/backoff';
import type { Replica } from '../sync/replica';
import type { SendingTrouble } from '../sync/sync-status';
import { storageFailureOf } from '../store/storage-failure';
import { messageOf } from '../text';
import { type QueuedOperation, isWaiting } from './queued-operation';
import type { Outbox } from './outbox';
import { afterSendFailure } from './send-failure';

const BACKOFF = { floorMs: 500, baseMs: 1_000, ceilingMs: 30_000 };
/** A full batch is some hundred transactions of the service. */
const TIMEOUT_MS = 60_000;

export interface DrainerParts {
  readonly client: ApiClient;
  readonly replica: Replica;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The service could not be reached, or refuses the token: the poller finds out how it stands. */
  readonly onUnreachable: () => void;
}

/**
 * Sends the edits of the outbox to the service, a batch at a time, as long as the poller finds the service answering.
 * Each turn of the loop schedules the next one after its own work; without work it sleeps until `wake()`.
 */
export class Drainer {
  readonly #parts: DrainerParts;
  readonly #stopped = new AbortController();
  #pause = new AbortController();
  #request = new AbortController();
  #loop: Promise<void> | null = null;
  #unsubscribe: () => void = () => undefined;
  /** Whether the pause is for want of work. */
  #idle = false;
  #failures = 0;
  #limit = MAX_OPERATIONS;
  /** How often the service failed over an edit that was sent alone: the others go first. */
  readonly #blamed = new Map<string, number>();

  constructor(parts: DrainerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#unsubscribe = this.#parts.replica.subscribe(() => this.#wakeForWork());
    this.#loop ??= this.#run();
  }

  /** Ends a request that is under way; its edits are sent again by whoever comes next. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopped.abort();
    this.#request.abort();
    this.#pause.abort();
    await this.#loop;
  }

  /**
   * Gives a request up that is under way, and sends anew: after the computer slept the connection may be dead, and nobody
   * would hear of it before the timeout.
   */
  retryNow(): void {
    this.#request.abort();
    this.wake();
  }

  /** Tries at once instead of after the pause, for instance because the service answers again. */
  wake(): void {
    this.#idle = false;
    this.#pause.abort();
  }

  /** New work does not end a pause after a failure, only one for want of work. */
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
      // Work that came while the turn ended would not wake a pause that has not begun.
      if (this.#idle && this.#hasWork()) continue;
      await clock.sleep(pauseMs, this.#pause.signal);
      this.#idle = false;
    }
  }

  /** One batch. Gives the pause after it: none while there is more, an endless one without work. */
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
      // Its edits are still there, and are sent again.
      if (this.#request.signal.aborted) return 0;
      // A full disk, a bug: told and tried again, so that the edits go once the cause is gone.
      log.error('outbox.failed', { message: messageOf(error) });
      const message =
        storageFailureOf(error)?.message ?? `The console could not go on with its edits: ${messageOf(error)}`;
      if (replica.outbox === outbox) {
        tryTo(() => outbox.unanswered(sent, message));
        replica.setSendingTrouble({ because: 'own_trouble', message });
      }
      this.#failures += 1;
      return backoffDelayMs(this.#failures, BACKOFF, random);
    }
  }

  /** In order; when edits are tried one by one, those that the service has failed over go last. */
  #choose(outbox: Outbox): readonly QueuedOperation[] {
    this.#forgetBlame(outbox);
    if (this.#blamed.size === 0) return outbox.nextBatch(this.#limit);
    const blame = (entry: QueuedOperation): number => this.#blamed.get(entry.operation.id) ?? 0;
    const free = outbox
      .nextBatch(Infinity)
      .toSorted((a, b) => blame(a) - blame(b) || a.position - b.position);
    const blameless = free.filter((entry) => blame(entry) === 0);
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
    // The account's store may have been closed meanwhile; the edits wait in it, and are sent again when it is opened.
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
    log.warn('outbox.failure', { kind: failure.kind, message: failure.message, edits: sent.length });
    const next = afterSendFailure(failure, sent.length);
    if (next.do === 'park') {
      outbox.refused(sent, next.code, failure.message);
      return 0;
    }
    outbox.unanswered(sent, failure.message);
    switch (next.do) {
      case 'retry': {
        const [only] = sent;
        // A service that answers polls may not take edits: its disk is full, for instance.
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

  #blame(entry: QueuedOperation): void {
    const { id } = entry.operation;
    this.#blamed.set(id, (this.#blamed.get(id) ?? 0) + 1);
  }

  /** Edits that are gone, or wait for a person, delay no others. */
  #forgetBlame(outbox: Outbox): void {
    for (const id of this.#blamed.keys()) {
      const entry = outbox.get(id);
      if (entry === undefined || !isWaiting(entry)) this.#blamed.delete(id);
    }
  }

  #backOff(): number {
    this.#failures += 1;
    return backoffDelayMs(this.#failures, BACKOFF, this.#parts.random);
  }
}

const isOfTheService = ({ kind }: Failure): boolean => kind === 'service' || kind === 'internal';

const serviceTrouble = ({ message }: Failure): SendingTrouble => ({ because: 'service_trouble', message });

/** What follows a failure and may fail by the same cause; the next turn, or the next start, finds it as it is. */
function tryTo(work: () => void): void {
  try {
    work();
  } catch {
    // The first error is the one that is told.
  }
}
