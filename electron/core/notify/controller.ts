import type { AnnouncementEvent, DesktopQuiet, Presenter } from '../ports';
import type { AccountStore } from '../store/account-store';
import type { ReplicaChange } from '../sync/window-feed';
import { messageOf } from '../text';
import type { CoreContext } from '../use-cases/context';
import { Alarm } from './alarm';
import { NotificationActions, type AnsweringCore } from './notification-actions';
import { FactKeeper } from './fact-keeper';
import { LASTING_IDS, reviewNotificationId, reviewIdOf, screenFor } from './notification-id';
import type { Decision } from './decision';
import { decide } from './policy';
import { SAMPLE_ID } from './sample';
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
  readonly #facts: FactKeeper;
  readonly #alarm: Alarm;
  readonly #screen = new ScreenState();
  #store: AccountStore | null = null;
  #isEvaluating = false;
  #subscriptions: readonly (() => void)[] = [];

  constructor(parts: NotificationParts) {
    const { core, presenter } = parts;
    this.#parts = parts;
    this.#answers = new NotificationActions({
      core,
      presenter,
      isSynced: () => this.#facts.isSynced,
      onToldUndecided: (id) => this.#facts.memory?.remember('parked_edit', [id], 'single', core.clock.now()),
    });
    this.#facts = new FactKeeper({
      replica: core.replica,
      settings: core.notifications,
      clock: core.clock,
      isWatched: (operationId) => this.#answers.isWatching(operationId),
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
      this.#facts.take(change);
    } catch (error) {
      this.#failed(error);
    }
    this.#evaluate();
    this.#answers.look();
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
    const { memory, reviews } = this.#facts;
    const facts = this.#facts.facts();
    if (facts === null || memory === null || reviews === null) {
      this.#alarm.set(Infinity);
      return;
    }
    const history = this.#screen.history(memory, reviews.summarised.size);
    let wakeAtMs = Infinity;
    for (const decision of decide(facts, notifications.preferences, history)) {
      if (decision.do === 'wait') wakeAtMs = Math.min(wakeAtMs, decision.untilMs);
      else this.#act(decision, facts.nowMs);
    }
    this.#alarm.set(wakeAtMs);
  }

  #act(decision: Exclude<Decision, { do: 'wait' }>, nowMs: number): void {
    const { presenter, core } = this.#parts;
    const { memory, reviews } = this.#facts;
    switch (decision.do) {
      case 'show': {
        const { cause, id, announcement, subjects } = decision;
        // It is remembered first: a crash between the two loses an announcement rather than repeating it (docs/behaviour.md
        // 8.3.4).
        memory?.remember(cause, subjects, 'single', nowMs);
        this.#facts.settled(cause, subjects);
        core.log.info('notifications.shown', { id });
        this.#screen.show(decision, nowMs);
        presenter.show(id, announcement);
        break;
      }
      case 'summarise': {
        const { fresh, takenIn, announcement } = decision;
        memory?.remember('question', fresh, 'summary', nowMs);
        this.#facts.settled('question', fresh);
        reviews?.summarise([...takenIn, ...fresh]);
        core.log.info('notifications.summarised', { count: reviews?.summarised.size });
        presenter.show(this.#screen.summarise(decision, reviews?.summarised.size ?? 0, nowMs), announcement);
        break;
      }
      case 'update':
        this.#screen.update(decision, nowMs);
        presenter.show(decision.id, decision.announcement);
        break;
      case 'withdraw':
        core.log.info('notifications.withdrawn', { id: decision.id, reason: decision.reason });
        this.#gone(decision.id);
        presenter.withdraw(decision.id);
        break;
      case 'hold':
        core.log.info('notifications.suppressed', suppressed(decision));
        memory?.hold(decision.cause, decision.subjects, nowMs);
        this.#facts.heldBack(decision.cause, decision.subjects);
        break;
      case 'drop':
        if (decision.reason !== 'off') core.log.info('notifications.suppressed', suppressed(decision));
        memory?.remember(decision.cause, decision.subjects, 'single', nowMs);
        this.#facts.settled(decision.cause, decision.subjects);
        break;
      case 'forget':
        memory?.forget(decision.cause, decision.subjects);
        break;
    }
  }

  #onEvent(event: AnnouncementEvent): void {
    const { core } = this.#parts;
    const { id } = event;
    const reviewId = reviewIdOf(id);
    const by = event.kind === 'closed' ? event.by : 'person';
    this.#gone(id, by);
    if (reviewId !== null && by === 'desktop' && !this.#answers.isShowing(reviewId)) {
      core.log.info('notifications.dropped', { id });
      this.#facts.reviews?.dropped(reviewId);
    }
    if (reviewId === null) {
      if (event.kind !== 'closed' && id !== SAMPLE_ID) core.windows.openConsole(screenFor(id));
    } else if (event.kind === 'pressed') {
      this.#answers.pressed(reviewId, event.button);
    } else {
      this.#answers.closed(reviewId);
      if (event.kind === 'clicked') core.windows.openApproval(reviewId);
    }
  }

  #gone(id: string, by: 'person' | 'desktop' = 'person'): void {
    const reviewId = reviewIdOf(id);
    if (reviewId !== null) this.#facts.reviews?.gone(reviewId);
    if (this.#screen.gone(id)) this.#facts.reviews?.summaryGone(by);
  }

  #failed(error: unknown): void {
    this.#parts.core.log.error('notifications.failed', { message: messageOf(error) });
  }
}

/** The log names at most this many subjects, so that a storm does not fill it. */
const MOST_NAMED = 20;

const suppressed = ({ cause, subjects, reason }: Extract<Decision, { do: 'hold' | 'drop' }>) => ({
  cause,
  reason,
  count: subjects.length,
  subjects: subjects.slice(0, MOST_NAMED),
});
