import { countAtStart, plural } from '#shared/words';
import { GOES_ON_IN_TRAY_ID, UNSENT_OPERATIONS_ID } from '../core/notify/notification-id';
import type { Announcement, Presenter } from '../core/ports';

/**
 * Farewell notifications, for when the app ends or goes to the tray. They have no buttons, because nothing may depend on
 * them.
 */

/** The operations are kept; this notification outlives the app. */
export function tellUnsent(count: number, presenter: Presenter): void {
  if (count === 0 || !presenter.isSupported()) return;
  presenter.show(UNSENT_OPERATIONS_ID, {
    ...QUIET,
    title: `${countAtStart(count, 'change')} ${plural(count, 'is', 'are')} not sent yet`,
    body:
      plural(count, 'It is', 'They are') +
      ' kept on this computer, to be sent when Gatehouse is started again.',
    group: 'operations',
  });
}

/** A person who closes a window may think that the app has ended. */
export const GOES_ON_IN_TRAY = {
  title: 'Gatehouse keeps running in the tray',
  body: 'It still tells you about blocked addresses. To end it, choose Quit in the menu of its icon.',
} as const;

/** Returns false if this desktop shows no notifications. */
export function tellOfTray(presenter: Presenter): boolean {
  if (!presenter.isSupported()) return false;
  presenter.show(GOES_ON_IN_TRAY_ID, { ...QUIET, ...GOES_ON_IN_TRAY, group: 'app' });
  return true;
}

const QUIET: Pick<Announcement, 'buttons' | 'urgency' | 'stays'> = {
  buttons: [],
  urgency: 'normal',
  stays: false,
};
