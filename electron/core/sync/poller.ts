import type { Change } from '#shared/api/contract';
import type { ServiceState } from '#shared/domain/entities';
import { hasUnrecognised } from '#shared/domain/told';
import type { ServiceRef } from '#shared/ipc/connection';
import type { Failure } from '#shared/ipc/failure';
import { MINUTE_MS, SECOND_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import type { ApiClient } from '../api/client';
import type { Clock, Log, Random } from '../ports';
import { storageFailureOf } from '../store/storage-failure';
import { messageOf } from '../text';
import { yieldToEventLoop } from '../yield-to-event-loop';
import { backoffDelayMs } from './backoff';
import { OtherAccountError } from './plan-answer';
import type { Replica } from './replica';

/** The time for which the service may hold a poll without news. */
export const WAIT_SECONDS = 25;
/** A poll that ends without an answer after this long was held: something on the way, such as a proxy, cut it. */
const HELD_MS = SECOND_MS;
/** The next polls are held for this fraction of the time after which one was cut. */
const CUT_TO = 0.8;
/** Polls stay that short for this long. */
const SHORT_FOR_MS = 10 * MINUTE_MS;
/** The time that an answer may take beyond the time for which it was held. */
const GRACE_MS = 10 * SECOND_MS;
/** The pause after an answer with changes, so that a burst of calls becomes a few answers instead of hundreds. */
const AFTER_CHANGES_MS = 50;
/** The pause while many operations are being sent, each of which changes something. */
const AFTER_CHANGES_BUSY_MS = 250;
const MANY_OPERATIONS = 100;
/** The least duration of an empty poll, for services that do not hold polls. */
const AFTER_HASTE_MS = SECOND_MS;
const BACKOFF = { floorMs: 500, baseMs: SECOND_MS, ceilingMs: 30 * SECOND_MS };

/** Receives what the poller learns about the service, with each change and each repetition. */
export interface PollObserver {
  /** The service's own state, which comes with each answer, even if the rest of the answer cannot be applied. */
  onTold(state: ServiceState): void;
  /** The service sent something that only a newer console knows. */
  onNew(): void;
  /** The service answered and the token is good. */
  onAnswer(): void;
  /** The service gave no proper answer. The poller tries again unless the token is to blame. */
  onFailure(failure: Failure): void;
}

export interface PollerParts {
  readonly client: ApiClient;
  readonly service: ServiceRef;
  readonly replica: Replica;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly observer: PollObserver;
}

type Turn =
  /** A poll that was held ended without an answer. */
  | { readonly kind: 'cut'; readonly failure: Failure }
  | { readonly kind: 'answered'; readonly more: boolean; readonly changed: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * Keeps the replica equal to the service by long polls. Each turn schedules the next one after its own work. A failure is
 * followed by a growing, random pause, a refused token by an endless one until `wake()`.
 */
export class Poller {
  readonly #parts: PollerParts;
  readonly #stopped = new AbortController();
  #turn = new AbortController();
  #loop: Promise<void> | null = null;
  /** True if the service has shown, since the last failure, that it still holds this account. */
  #verified = false;
  #waitSeconds = WAIT_SECONDS;
  #shortUntilMs = Infinity;

  constructor(parts: PollerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Aborts the running poll. Nothing more is applied once it resolves. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#turn.abort();
    await this.#loop;
  }

  /** Polls at once, for instance because a person asked or the computer woke up. */
  wake(): void {
    this.#turn.abort();
  }

  async #run(): Promise<void> {
    const { clock, random, observer, replica } = this.#parts;
    let failures = 0;
    while (!this.#stopped.signal.aborted) {
      this.#turn = new AbortController();
      const { signal } = this.#turn;
      const beganAt = clock.now();
      const turn = await this.#takeTurn(signal);
      if (turn === 'interrupted') {
        failures = 0;
        this.#verified = false;
        continue;
      }
      let pauseMs: number;
      if (turn.kind === 'cut') {
        // A proxy that gives up sooner than the service looks like a service that is gone. An immediate poll tells them apart.
        this.#verified = false;
        this.#shorten(clock.now() - beganAt);
        pauseMs = 0;
      } else if (turn.kind === 'answered') {
        failures = 0;
        const isBusy = (replica.outbox?.counts().waiting ?? 0) > MANY_OPERATIONS;
        pauseMs = pauseAfterAnswer(turn, clock.now() - beganAt, isBusy);
      } else {
        failures += 1;
        this.#verified = false;
        observer.onFailure(turn.failure);
        pauseMs = Math.max(pauseAfterFailure(turn.failure), backoffDelayMs(failures, BACKOFF, random));
      }
      await clock.sleep(pauseMs, signal);
    }
  }

  async #takeTurn(signal: AbortSignal): Promise<Turn | 'interrupted'> {
    try {
      const turn = await this.#verifyAndPoll(signal);
      return signal.aborted ? 'interrupted' : turn;
    } catch (error) {
      if (signal.aborted) return 'interrupted';
      return { kind: 'failed', failure: this.#unexpected(error) };
    }
  }

  async #verifyAndPoll(signal: AbortSignal): Promise<Turn> {
    const { client, service, replica, clock, observer } = this.#parts;
    // The effect of this console's acknowledged operations is in the feed already.
    let waitSeconds = (replica.outbox?.awaited.size ?? 0) > 0 ? 0 : this.#wait();
    if (!this.#verified) {
      const account = await client.call('getAccount', {}, { signal });
      signal.throwIfAborted();
      if (!account.ok) return { kind: 'failed', failure: account.failure };
      observer.onTold(account.value.service);
      replica.adopt(service, account.value);
      this.#verified = true;
      // Changes since the failure should be shown now, not with the next change.
      waitSeconds = 0;
    }
    const { cursor } = replica.mirror.state;
    replica.mirror.pollBegins();
    const askedAt = clock.now();
    const answer = await client.call(
      'getChanges',
      { query: { wait: waitSeconds, ...(cursor === null ? {} : { cursor }) } },
      { signal, timeoutMs: waitSeconds * SECOND_MS + GRACE_MS },
    );
    signal.throwIfAborted();
    if (!answer.ok) {
      // A refused cursor would be refused again; a snapshot needs none.
      if (answer.failure.kind === 'invalid' && cursor !== null) {
        replica.mirror.forgetCursor();
        return { kind: 'answered', more: true, changed: true };
      }
      const { failure } = answer;
      const isSilence = failure.kind === 'unreachable' && failure.service === undefined;
      const wasHeld = waitSeconds > 0 && clock.now() - askedAt >= HELD_MS;
      return { kind: isSilence && wasHeld ? 'cut' : 'failed', failure };
    }
    // To read a long answer and to apply it are a task each, so that windows and calls do not wait for both.
    await yieldToEventLoop();
    signal.throwIfAborted();
    if (answer.value.service !== undefined) observer.onTold(answer.value.service);
    if (answer.value.changes.some(isOfNewerService)) observer.onNew();
    replica.applyAnswer(answer.value, clock.now());
    observer.onAnswer();
    const { more, changes } = answer.value;
    return { kind: 'answered', more, changed: changes.length > 0 || waitSeconds === 0 };
  }

  /** The number of seconds for which the next poll may be held. */
  #wait(): number {
    if (this.#parts.clock.now() >= this.#shortUntilMs) {
      this.#waitSeconds = WAIT_SECONDS;
      this.#shortUntilMs = Infinity;
    }
    return this.#waitSeconds;
  }

  #shorten(heldMs: number): void {
    const longest = Math.min(heldMs / SECOND_MS, this.#waitSeconds) * CUT_TO;
    this.#waitSeconds = Math.max(1, Math.floor(longest));
    this.#shortUntilMs = this.#parts.clock.now() + SHORT_FOR_MS;
    this.#parts.log.info('sync.poll_cut', { heldMs, waitSeconds: this.#waitSeconds });
  }

  /** The cause may pass (a full disk), so the failure is reported and the poll repeated. */
  #unexpected(error: unknown): Failure {
    const { log } = this.#parts;
    if (error instanceof OtherAccountError) {
      return { kind: 'service', code: 'other_account', message: t('network.anotherAccount') };
    }
    log.error('sync.failed', { message: messageOf(error) });
    const ofTheDisk = storageFailureOf(error);
    if (ofTheDisk !== undefined) return ofTheDisk;
    return {
      kind: 'internal',
      message: t('network.notTakenIn', { why: messageOf(error) }),
    };
  }
}

function isOfNewerService(change: Change): boolean {
  return hasUnrecognised(change) || (change.value !== null && hasUnrecognised(change.value));
}

function pauseAfterAnswer(turn: Turn & { kind: 'answered' }, tookMs: number, isBusy: boolean): number {
  if (turn.more) return 0;
  if (turn.changed) return isBusy ? AFTER_CHANGES_BUSY_MS : AFTER_CHANGES_MS;
  return Math.max(0, AFTER_HASTE_MS - tookMs);
}

function pauseAfterFailure(failure: Failure): number {
  switch (failure.kind) {
    case 'unauthorized':
      return Infinity;
    case 'rate_limited':
      return failure.retryAfterSeconds * SECOND_MS;
    case 'invalid':
    case 'conflict':
    case 'unreachable':
    case 'forbidden':
    case 'service':
    case 'storage':
    case 'internal':
      return 0;
  }
}
