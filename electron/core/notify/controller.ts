import { z } from 'zod';
import type { Clock, Log, NotificationHandle, Notifier, WindowOpener } from '../ports';
import type { AccountStore } from '../store/account-store';
import type { Replica } from '../sync/replica';
import { messageOf } from '../text';
import { BASELINE_SETTING } from './baseline';
import { contentOf, summaryOf } from './content';
import { decide, type Decision, type History, type Preferences } from './policy';

export interface NotificationParts {
  readonly replica: Replica;
  readonly notifier: Notifier;
  readonly windows: WindowOpener;
  readonly clock: Clock;
  readonly log: Log;
}

interface OpenSummary {
  readonly handle: NotificationHandle;
  readonly reviewIds: ReadonlySet<string>;
}

/** Does what the policy decides: owns the live notifications and remembers what was announced. */
export class NotificationController {
  readonly #parts: NotificationParts;
  readonly #open = new Map<string, NotificationHandle>();
  readonly #preferences: Preferences = { enabled: true };
  #summary: OpenSummary | null = null;
  #summarisedAtMs: number | null = null;
  #waiting: AbortController | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(parts: NotificationParts) {
    this.#parts = parts;
  }

  start(): void {
    if (!this.#parts.notifier.isSupported()) {
      this.#parts.log.warn('notifications.unsupported');
      return;
    }
    this.#unsubscribe = this.#parts.replica.subscribe(() => this.#evaluate());
    this.#evaluate();
  }

  /** Takes every notification back: without this process a click would do nothing. */
  stop(): void {
    this.#unsubscribe?.();
    this.#waiting?.abort();
    this.#withdrawAll();
  }

  #withdrawAll(): void {
    for (const handle of this.#open.values()) handle.close();
    this.#open.clear();
    this.#summary?.handle.close();
    this.#summary = null;
  }

  #evaluate(): void {
    const { replica, clock, log } = this.#parts;
    try {
      const { store } = replica;
      if (store === null) this.#withdrawAll();
      if (store === null || !this.#hasBaseline(store)) return;
      const facts = { nowMs: clock.now(), reviews: replica.reviews() };
      const history = this.#history(store);
      for (const decision of decide(facts, this.#preferences, history)) this.#act(decision, store);
    } catch (error) {
      // A desktop that cannot show something must not keep the mirror from following the service.
      log.error('notifications.failed', { message: messageOf(error) });
    }
  }

  /** What is there at the first connection is old news. Nothing is announced before that is known completely. */
  #hasBaseline(store: AccountStore): boolean {
    const { replica, clock } = this.#parts;
    if (replica.lastSyncAt === null) return false;
    if (store.settings.read(BASELINE_SETTING, z.boolean()) === true) return true;
    const known = replica.reviews().map((review) => review.id);
    store.announced.add(known, 'baseline', clock.now());
    store.settings.write(BASELINE_SETTING, true);
    return true;
  }

  #history(store: AccountStore): History {
    return {
      announced: store.announced.ids(),
      open: new Set(this.#open.keys()),
      summarised: this.#summary?.reviewIds ?? null,
      summarisedAtMs: this.#summarisedAtMs,
    };
  }

  #act(decision: Decision, store: AccountStore): void {
    const { clock, log } = this.#parts;
    switch (decision.do) {
      case 'show':
        // Remembered first: after a crash between the two it is missed rather than told twice.
        store.announced.add([decision.review.id], 'single', clock.now());
        this.#show(decision.review.id, contentOf(decision.review));
        break;
      case 'withdraw':
        log.info('notifications.withdrawn', { reviewId: decision.reviewId, reason: decision.reason });
        this.#open.get(decision.reviewId)?.close();
        this.#open.delete(decision.reviewId);
        break;
      case 'summarise':
        store.announced.add(decision.fresh, 'summary', clock.now());
        this.#summarise(decision.reviewIds);
        break;
      case 'withdraw-summary':
        this.#summary?.handle.close();
        this.#summary = null;
        break;
      case 'wait':
        this.#evaluateAfter(decision.delayMs);
        break;
    }
  }

  #show(reviewId: string, content: { readonly title: string; readonly body: string }): void {
    const { notifier, windows, log } = this.#parts;
    log.info('notifications.shown', { reviewId });
    const handle = notifier.show(content, {
      onClick: () => {
        this.#open.delete(reviewId);
        handle.close();
        windows.openApproval(reviewId);
      },
      onClosed: () => this.#open.delete(reviewId),
    });
    this.#open.set(reviewId, handle);
  }

  #summarise(reviewIds: readonly string[]): void {
    const { notifier, windows, clock, log } = this.#parts;
    log.info('notifications.summarised', { count: reviewIds.length });
    this.#summary?.handle.close();
    const handle = notifier.show(summaryOf(reviewIds.length), {
      onClick: () => {
        this.#summary = null;
        handle.close();
        windows.openConsole('pending');
      },
      onClosed: () => {
        if (this.#summary?.handle === handle) this.#summary = null;
      },
    });
    this.#summary = { handle, reviewIds: new Set(reviewIds) };
    this.#summarisedAtMs = clock.now();
  }

  #evaluateAfter(delayMs: number): void {
    if (this.#waiting !== null) return;
    const waiting = new AbortController();
    this.#waiting = waiting;
    void this.#parts.clock.sleep(delayMs, waiting.signal).then(() => {
      this.#waiting = null;
      if (!waiting.signal.aborted) this.#evaluate();
    });
  }
}
