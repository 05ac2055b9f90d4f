import type { Review } from '#shared/domain/entities';
import { lacks } from '../outbox/plan-operation';
import { authorizeButton, BUTTON } from '../notify/notification-id';
import type { TrayPresence } from '../ports';
import { messageOf } from '../text';
import type { CoreContext } from '../use-cases/context';
import { type TrayChoice, type TrayModel, trayModel } from './model';
import { Throttle } from './throttle';

/** A storm of reviews must not keep the desktop busy with menus. */
const RENDER_INTERVAL_MS = 250;

export interface TrayParts {
  readonly core: CoreContext;
  readonly presence: TrayPresence;
  /** Shows the model. Must be idempotent. */
  readonly render: (model: TrayModel) => void;
  /** Answers a review and announces the outcome. */
  readonly answer: (reviewId: string, button: string) => void;
  readonly quit: () => void;
}

/** Renders the tray and the badge, and runs the actions of the menu. */
export class TrayController {
  readonly #parts: TrayParts;
  readonly #throttle: Throttle;
  #unsubscribe: readonly (() => void)[] = [];

  constructor(parts: TrayParts) {
    this.#parts = parts;
    this.#throttle = new Throttle(() => this.#render(), RENDER_INTERVAL_MS, parts.core.clock);
  }

  start(): void {
    const { core, presence } = this.#parts;
    const update = (): void => this.#throttle.ask();
    this.#unsubscribe = [
      core.replica.subscribe(update),
      core.notifications.subscribe(update),
      presence.subscribe(update),
    ];
    update();
  }

  stop(): void {
    this.#throttle.stop();
    for (const end of this.#unsubscribe) end();
  }

  choose(choice: TrayChoice): void {
    const { core, answer, quit } = this.#parts;
    const { windows, notifications } = core;
    switch (choice.do) {
      case 'authorize':
        answer(choice.reviewId, authorizeButton(choice.seconds));
        break;
      case 'deny':
        answer(choice.reviewId, BUTTON.deny);
        break;
      case 'open-review':
        windows.openApproval(choice.reviewId);
        break;
      case 'open-console':
        windows.openConsole(choice.screen);
        break;
      case 'pause':
        notifications.snooze(choice.for);
        break;
      case 'resume':
        notifications.wake();
        break;
      case 'quit':
        quit();
        break;
    }
  }

  #render(): void {
    const { core, presence, render } = this.#parts;
    const { replica, notifications, clock, log } = core;
    try {
      const { snoozedUntil, quiet } = notifications.state();
      render(
        trayModel({
          nowMs: clock.now(),
          hasTray: presence.isShown(),
          connection: replica.connection,
          account: replica.view.account,
          pendingReviews: pendingReviews(replica.reviews()),
          mayAnswer: lacks(replica.view, 'authorized_ips') === null,
          operations: replica.outbox?.counts() ?? NO_OPERATIONS,
          notifications: { snoozedUntil, quiet },
          quickSeconds: notifications.preferences.quickSeconds,
        }),
      );
    } catch (error) {
      // A desktop that cannot show something must not keep the mirror from following the service.
      log.error('tray.failed', { message: messageOf(error) });
    }
  }
}

const NO_OPERATIONS = { waiting: 0, conflicts: 0, needsConfirmation: 0 } as const;

/** The order is the console's, and a further call of a review does not move it. */
function pendingReviews(reviews: readonly Review[]): readonly Review[] {
  return reviews.filter(({ status }) => status === 'pending').sort(newestFirst);
}

function newestFirst(a: Review, b: Review): number {
  return a.firstAt === b.firstAt ? (a.id < b.id ? 1 : -1) : a.firstAt < b.firstAt ? 1 : -1;
}
