import type { Announcement, AnnouncementEvent, DesktopQuiet, Presenter } from '../ports';
import type { AccountStore } from '../store/account-store';
import type { ReplicaChange } from '../sync/window-feed';
import { messageOf } from '../text';
import type { CoreContext } from '../use-cases/context';
import { AccountFacts } from './account-facts';
import { Alarm } from './alarm';
import type { Decision } from './decision';
import { NotificationActions, type AnsweringCore } from './notification-actions';
import {
  LASTING_IDS,
  reviewIdOf,
  reviewNotificationId,
  SAMPLE_ID,
  placeFor,
  SUMMARY_ID,
} from './notification-id';
import { decide } from './policy';
import { ScreenState } from './screen-state';

export interface NotificationParts {
  readonly core: AnsweringCore & Pick<CoreContext, 'notifications'>;
  readonly presenter: Presenter;
  readonly quiet: DesktopQuiet;
}

/** Carries out the policy's decisions: it shows, withdraws, remembers what was announced, and hands on clicks. */
export class NotificationController {
  readonly #parts: NotificationParts;
  readonly #answers: NotificationActions;
  readonly #alarm: Alarm;
  readonly #screen = new ScreenState();
  /** The facts about the account of `#store`; undefined before the first connection. */
  #account: AccountFacts | undefined;
  #store: AccountStore | null = null;
  #isEvaluating = false;
  #subscriptions: readonly (() => void)[] = [];

  constructor(parts: NotificationParts) {
    const { core, presenter } = parts;
    this.#parts = parts;
    this.#answers = new NotificationActions({
      core,
      presenter,
      isSynced: () => this.#account?.isSynced ?? false,
      onToldUndecided: (id) => this.#account?.remember('undecided_operation', [id]),
    });
    this.#alarm = new Alarm(core.clock, () => this.#evaluate());
  }

  start(): void {
    const { core, presenter, quiet } = this.#parts;
    if (!presenter.isSupported()) {
      core.log.warn('notifications.unsupported');
      return;
    }
    this.#subscriptions = [
      core.replica.subscribe((change) => this.#follow(change)),
      core.notifications.subscribe(() => this.#evaluate()),
      quiet.subscribe(() => this.#evaluate()),
      presenter.subscribe((event) => this.#onEvent(event)),
    ];
    // An earlier run may have left notifications on the screen, which nobody would keep up to date.
    for (const id of LASTING_IDS) presenter.withdraw(id);
    this.#follow(null);
  }

  /** Withdraws every notification, because a click would do nothing without this process. */
  stop(): void {
    for (const end of this.#subscriptions) end();
    this.#subscriptions = [];
    this.#alarm.set(Infinity);
    this.#withdrawAll();
  }

  /** Answers a review from elsewhere, such as the tray. A notification shows the outcome, with Undo. */
  answer(reviewId: string, button: string): void {
    this.#gone(reviewNotificationId(reviewId));
    this.#answers.pressed(reviewId, button);
  }

  #follow(change: ReplicaChange): void {
    try {
      if (change === null) this.#begin();
      else this.#account?.follow(change);
    } catch (error) {
      this.#failed(error);
    }
    this.#evaluate();
    this.#answers.pressEarly();
  }

  #begin(): void {
    const { replica, notifications, clock } = this.#parts.core;
    const { store } = replica;
    this.#account = undefined;
    if (store === null) return;
    this.#account = new AccountFacts(
      { replica, settings: notifications, clock, isWatched: (id) => this.#answers.isWatching(id) },
      store,
    );
  }

  #withdrawAll(): void {
    for (const id of this.#screen.ids()) this.#parts.presenter.withdraw(id);
    this.#screen.clear();
    this.#answers.clear();
  }

  #evaluate(): void {
    if (this.#isEvaluating) return;
    this.#isEvaluating = true;
    try {
      this.#evaluateOnce();
    } catch (error) {
      // A desktop that cannot show something must not keep the mirror from following the service.
      this.#failed(error);
    } finally {
      this.#isEvaluating = false;
    }
  }

  #evaluateOnce(): void {
    const { replica, notifications } = this.#parts.core;
    if (replica.store !== this.#store) {
      this.#store = replica.store;
      this.#withdrawAll();
    }
    notifications.refresh();
    const account = this.#account;
    const facts = account?.snapshot();
    let wakeAtMs = Infinity;
    if (account !== undefined && facts !== undefined) {
      const history = this.#screen.history(account.memory, account.reviews.summarised.size);
      for (const decision of decide({ facts, preferences: notifications.preferences, history })) {
        if (decision.do === 'wait') wakeAtMs = Math.min(wakeAtMs, decision.untilMs);
        else this.#act(account, decision, facts.nowMs);
      }
    }
    this.#alarm.set(wakeAtMs);
  }

  #act(account: AccountFacts, decision: Exclude<Decision, { do: 'wait' }>, nowMs: number): void {
    const { presenter, core } = this.#parts;
    switch (decision.do) {
      case 'show': {
        const { cause, id, announcement, subjects, count } = decision;
        // It is remembered first: a crash between the two loses an announcement rather than repeating it (docs/behaviour.md
        // 8.3.4).
        account.remember(cause, subjects);
        core.log.info('notifications.shown', { id });
        this.#show(id, announcement, count, nowMs);
        break;
      }
      case 'summarise': {
        const { kind, fresh, takenIn, announcement } = decision;
        account.remember('review', fresh, 'summary');
        account.reviews.summarise([...takenIn, ...fresh]);
        const count = account.reviews.summarised.size;
        core.log.info('notifications.summarised', { count });
        this.#screen.summaryKind = kind;
        this.#show(SUMMARY_ID, announcement, count, nowMs);
        break;
      }
      case 'update':
        this.#show(decision.id, decision.announcement, decision.count, nowMs);
        break;
      case 'withdraw':
        core.log.info('notifications.withdrawn', { id: decision.id, reason: decision.reason });
        this.#gone(decision.id);
        presenter.withdraw(decision.id);
        break;
      case 'hold':
        core.log.info('notifications.suppressed', suppressed(decision));
        account.hold(decision.cause, decision.subjects);
        break;
      case 'drop':
        if (decision.reason !== 'off') core.log.info('notifications.suppressed', suppressed(decision));
        account.remember(decision.cause, decision.subjects);
        break;
      case 'forget':
        account.memory.forget(decision.cause, decision.subjects);
        break;
    }
  }

  #show(id: string, announcement: Announcement, count: number, nowMs: number): void {
    this.#screen.put(id, announcement, count, nowMs);
    this.#parts.presenter.show(id, announcement);
  }

  #onEvent(event: AnnouncementEvent): void {
    const { core } = this.#parts;
    const { id } = event;
    const reviewId = reviewIdOf(id);
    const by = event.kind === 'closed' ? event.by : 'person';
    this.#gone(id, by);
    if (reviewId === undefined) {
      if (event.kind !== 'closed' && id !== SAMPLE_ID) core.windows.openConsole(placeFor(id));
      return;
    }
    if (by === 'desktop' && !this.#answers.isShowing(reviewId)) {
      core.log.info('notifications.dropped', { id });
      this.#account?.reviews.dropped(reviewId);
    }
    if (event.kind === 'pressed') {
      this.#answers.pressed(reviewId, event.button);
    } else {
      this.#answers.forget(reviewId);
      if (event.kind === 'clicked') core.windows.openApproval(reviewId);
    }
  }

  #gone(id: string, by: 'person' | 'desktop' = 'person'): void {
    const reviewId = reviewIdOf(id);
    if (reviewId !== undefined) this.#account?.reviews.gone(reviewId);
    if (this.#screen.remove(id) && id === SUMMARY_ID) this.#account?.reviews.summaryGone(by);
  }

  #failed(error: unknown): void {
    this.#parts.core.log.error('notifications.failed', { message: messageOf(error) });
  }
}

/** The log names at most this many subjects, so that a storm does not fill it. */
const MOST_NAMED = 20;

function suppressed({ cause, subjects, reason }: Extract<Decision, { do: 'hold' | 'drop' }>) {
  return {
    cause,
    reason,
    count: subjects.length,
    subjects: subjects.slice(0, MOST_NAMED),
  };
}
