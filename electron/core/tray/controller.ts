import { onLanguage } from '#shared/i18n/language';
import type { Accounts } from '../accounts/accounts';
import { lacks } from '../outbox/plan-operation';
import { authorizeButton, BUTTON } from '../notify/notification-id';
import type { Clock, Log, TrayPresence } from '../ports';
import { messageOf } from '../text';
import type { CoreContext } from '../use-cases/context';
import type { AccountFacts } from './facts';
import { type TrayChoice, type TrayModel, trayModel } from './model';
import { Throttle } from '../throttle';

/** A storm of reviews must not keep the desktop busy with menus. */
const RENDER_INTERVAL_MS = 250;

export interface TrayParts {
  readonly accounts: Pick<Accounts, 'all' | 'shown' | 'answer' | 'nameOf' | 'subscribe'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly presence: TrayPresence;
  /** Shows the model. Must be idempotent. */
  readonly render: (model: TrayModel) => void;
  readonly quit: () => void;
}

/** Renders the tray and the badge, and runs the actions of the menu. */
export class TrayController {
  readonly #parts: TrayParts;
  readonly #throttle: Throttle;
  #unsubscribe: readonly (() => void)[] = [];

  constructor(parts: TrayParts) {
    this.#parts = parts;
    this.#throttle = new Throttle(() => this.#render(), RENDER_INTERVAL_MS, parts.clock);
  }

  start(): void {
    const { accounts, presence } = this.#parts;
    const update = (): void => this.#throttle.ask();
    this.#unsubscribe = [accounts.subscribe(update), presence.subscribe(update), onLanguage(update)];
    update();
  }

  stop(): void {
    this.#throttle.stop();
    for (const end of this.#unsubscribe) end();
  }

  choose(choice: TrayChoice): void {
    const { accounts, quit } = this.#parts;
    const { windows, notifications } = this.#accountOf(choice);
    switch (choice.do) {
      case 'authorize':
        accounts.answer(choice.account, choice.reviewId, authorizeButton(choice.seconds));
        break;
      case 'deny':
        accounts.answer(choice.account, choice.reviewId, BUTTON.deny);
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

  /** Returns the account that a line is about, or the shown one if it is gone meanwhile. */
  #accountOf(choice: TrayChoice): CoreContext {
    const { accounts } = this.#parts;
    const found = 'account' in choice && accounts.all().find(({ id }) => id === choice.account);
    return found || accounts.shown;
  }

  #render(): void {
    const { accounts, presence, render, clock, log } = this.#parts;
    try {
      const { snoozedUntil, quiet, preferences } = accounts.shown.notifications.state();
      render(
        trayModel({
          nowMs: clock.now(),
          hasTray: presence.isShown(),
          accounts: accounts.all().map((account) => factsOf(account, accounts.nameOf(account))),
          notifications: { snoozedUntil, quiet },
          quickSeconds: preferences.quickSeconds,
        }),
      );
    } catch (error) {
      // A desktop that cannot show something must not keep the mirror from following the service.
      log.error('tray.failed', { message: messageOf(error) });
    }
  }
}

function factsOf({ id, replica }: CoreContext, name: string | undefined): AccountFacts {
  return {
    id,
    name,
    connection: replica.connection,
    account: replica.view.account,
    pendingReviews: replica.reviews().filter(({ status }) => status === 'pending'),
    mayAnswer: lacks(replica.view, 'authorized_ips') === null,
    operations: replica.outbox?.counts() ?? NO_OPERATIONS,
  };
}

const NO_OPERATIONS = { waiting: 0, conflicts: 0, needsConfirmation: 0 } as const;
