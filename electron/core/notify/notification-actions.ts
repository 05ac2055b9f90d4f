import type { Review } from '#shared/domain/entities';
import type { Settled } from '#shared/ipc/outbox';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { isReview } from '../outbox/queued-operation';
import type { Announcement, Presenter } from '../ports';
import { messageOf } from '../text';
import { authorizeReview } from '../use-cases/authorize-review';
import type { CoreContext, OperationContext } from '../use-cases/context';
import { denyReview } from '../use-cases/deny-review';
import { undoAnswer } from '../use-cases/undo-answer';
import {
  answeredAnnouncement,
  enforcedAnnouncement,
  type GivenAnswer,
  goneAnnouncement,
  keptAnnouncement,
  undoneAnnouncement,
} from './answer-words';
import { BUTTON, reviewNotificationId, secondsOfButton } from './notification-id';

/** Undo is offered for this long, and other outcomes are shown for this long. */
export const UNDO_MS = 10_000;
/** At most this many presses are kept until the account is known. */
const MOST_EARLY = 20;

/** The parts of the core that answering needs. */
export type AnsweringCore = OperationContext & Pick<CoreContext, 'connections' | 'windows' | 'log'>;

export interface NotificationActionsParts {
  readonly core: AnsweringCore;
  readonly presenter: Presenter;
  /** Returns true if the mirror is known to have every pending review. */
  readonly isSynced: () => boolean;
  /** Called when a person was told that this operation waits for a decision. */
  readonly onToldUndecided: (operationId: string) => void;
}

interface Answer {
  readonly given: GivenAnswer;
  readonly ip: string;
  readonly operationId: string;
  readonly unsubscribe: () => void;
}

/** A notification on the screen. */
interface Shown {
  readonly announcement: Announcement;
  /** The answer whose outcome it shows; undefined if nothing was answered. */
  readonly answer: Answer | undefined;
  /** Aborts the withdrawal that is due after {@link UNDO_MS}. */
  readonly timer: AbortController;
}

/** Answers reviews from their notifications, through the outbox as everywhere else, with Undo. */
export class NotificationActions {
  readonly #parts: NotificationActionsParts;
  /** By review id. */
  readonly #shown = new Map<string, Shown>();
  #early: readonly { readonly reviewId: string; readonly button: string }[] = [];

  constructor(parts: NotificationActionsParts) {
    this.#parts = parts;
  }

  /** Returns true if a notification will show the outcome of this operation. */
  isWatching(operationId: string): boolean {
    return [...this.#shown.values()].some(({ answer }) => answer?.operationId === operationId);
  }

  /** Returns true if the notification of this review shows the outcome of an answer. */
  isShowing(reviewId: string): boolean {
    return this.#shown.has(reviewId);
  }

  /** Handles a pressed button, also on a notification of an earlier run of the program. */
  pressed(reviewId: string, button: string): void {
    this.#press(reviewId, button).catch((error: unknown) => {
      this.#parts.core.log.error('notifications.answer_failed', { reviewId, message: messageOf(error) });
      this.#parts.core.windows.openApproval(reviewId);
    });
  }

  /** Forgets a notification that was put away, clicked or withdrawn. */
  forget(reviewId: string): void {
    const shown = this.#shown.get(reviewId);
    shown?.timer.abort();
    shown?.answer?.unsubscribe();
    this.#shown.delete(reviewId);
  }

  /** Repeats the presses that came before the account was known. */
  pressEarly(): void {
    const early = this.#early;
    this.#early = [];
    for (const { reviewId, button } of early) this.pressed(reviewId, button);
  }

  /** Withdraws every notification. The operations stay in the outbox. */
  clear(): void {
    for (const reviewId of [...this.#shown.keys()]) this.#withdraw(reviewId);
  }

  async #press(reviewId: string, button: string): Promise<void> {
    const seconds = secondsOfButton(button);
    if (seconds !== undefined) await this.#answer(reviewId, button, { verb: 'authorize', seconds });
    else if (button === BUTTON.deny) await this.#answer(reviewId, button, { verb: 'deny' });
    else if (button === BUTTON.undo) this.#undo(reviewId);
    else this.#parts.core.windows.openApproval(reviewId);
  }

  async #answer(reviewId: string, button: string, given: GivenAnswer): Promise<void> {
    const shown = this.#shown.get(reviewId);
    if (shown?.answer !== undefined) {
      // The button was pressed twice, and the second press has taken away the notification of the first.
      this.#showBriefly(reviewId, shown.announcement, shown.answer);
      return;
    }
    const { core, isSynced } = this.#parts;
    const review = core.replica.view.review(reviewId);
    if (review === undefined) {
      if (isSynced()) this.#showBriefly(reviewId, goneAnnouncement());
      else this.#early = [...this.#early, { reviewId, button }].slice(-MOST_EARLY);
      return;
    }
    const outcome = await this.#send(reviewId, given);
    if (!outcome.ok) {
      this.#notAnswered(reviewId, review, outcome.failure);
      return;
    }
    core.log.info('notifications.answered', { reviewId, ...given });
    this.#watch(reviewId, given, review.ip, outcome.value);
  }

  /** Returns the id of the queued operation. */
  async #send(reviewId: string, given: GivenAnswer): Promise<Outcome<string>> {
    const { core } = this.#parts;
    if (given.verb === 'authorize') {
      const outcome = authorizeReview(core, {
        reviewId,
        scope: 'address',
        durationSeconds: given.seconds,
        thisKeyOnly: false,
      });
      return outcome.ok ? { ok: true, value: outcome.value.operationId } : outcome;
    }
    const outcome = await denyReview(core, { reviewId, rotateKey: false, addDenyRange: false });
    if (!outcome.ok) return outcome;
    // Only a denial with a new secret is done at once.
    return { ok: true, value: outcome.value.kind === 'queued' ? outcome.value.operationId : '' };
  }

  #notAnswered(reviewId: string, review: Review, failure: Failure): void {
    const { core } = this.#parts;
    core.log.warn('notifications.not_answered', { reviewId, message: failure.message });
    const current = failure.kind === 'conflict' ? failure.current : null;
    if (isReview(current) && current.status !== 'pending') {
      this.#showBriefly(reviewId, answeredAnnouncement(review.ip, current, false));
    } else {
      core.windows.openApproval(reviewId);
    }
  }

  #watch(reviewId: string, given: GivenAnswer, ip: string, operationId: string): void {
    const { core } = this.#parts;
    const unsubscribe = core.replica.outbox?.subscribe({
      onChange: () => undefined,
      onSettled: (settled) => {
        const mine = settled.find(({ id }) => id === operationId);
        if (mine !== undefined) this.#settled(reviewId, mine);
      },
    });
    const isOnline = core.replica.connection.kind === 'online';
    const answer: Answer = { given, ip, operationId, unsubscribe: unsubscribe ?? (() => undefined) };
    this.#showBriefly(reviewId, keptAnnouncement(given, ip, isOnline), answer);
  }

  #settled(reviewId: string, settled: Settled): void {
    const answer = this.#shown.get(reviewId)?.answer;
    if (answer === undefined) return;
    const { given, ip } = answer;
    switch (settled.outcome) {
      case 'applied':
        this.#showBriefly(reviewId, enforcedAnnouncement(given, ip, Date.parse(settled.enforcedAt)), answer);
        break;
      case 'undecided':
        this.#parts.onToldUndecided(answer.operationId);
        this.#showUndecided(reviewId, answer, settled);
        break;
      case 'undone':
        this.#withdraw(reviewId);
        break;
    }
  }

  #showUndecided(
    reviewId: string,
    answer: Answer,
    settled: Extract<Settled, { outcome: 'undecided' }>,
  ): void {
    if (settled.kind !== 'conflicted') {
      this.#withdraw(reviewId);
      this.#parts.core.windows.openApproval(reviewId);
      return;
    }
    const review = isReview(settled.current) ? settled.current : null;
    // This one stays, because it tells a person that something waits for them.
    this.#show(reviewId, answeredAnnouncement(answer.ip, review, true), answer);
  }

  #undo(reviewId: string): void {
    const { core } = this.#parts;
    const answer = this.#shown.get(reviewId)?.answer;
    this.forget(reviewId);
    if (answer === undefined) {
      // The answer is of an earlier run, or it is too late. A notification cannot say all that matters here.
      core.windows.openApproval(reviewId);
      return;
    }
    const { ip, operationId } = answer;
    const outcome = undoAnswer(core, { reviewId, operationId });
    if (outcome.ok) {
      core.log.info('notifications.undone', { reviewId });
      this.#showBriefly(reviewId, undoneAnnouncement(ip));
      return;
    }
    core.log.warn('notifications.not_undone', { reviewId, message: outcome.failure.message });
    core.windows.openApproval(reviewId);
  }

  #showBriefly(reviewId: string, announcement: Announcement, answer?: Answer): void {
    const { signal } = this.#show(reviewId, announcement, answer);
    void this.#parts.core.clock.sleep(UNDO_MS, signal).then(() => {
      if (!signal.aborted) this.#withdraw(reviewId);
    });
  }

  #show(reviewId: string, announcement: Announcement, answer: Answer | undefined): AbortController {
    const timer = new AbortController();
    this.#shown.get(reviewId)?.timer.abort();
    this.#shown.set(reviewId, { announcement, answer, timer });
    this.#parts.presenter.show(reviewNotificationId(reviewId), announcement);
    return timer;
  }

  #withdraw(reviewId: string): void {
    this.forget(reviewId);
    this.#parts.presenter.withdraw(reviewNotificationId(reviewId));
  }
}
