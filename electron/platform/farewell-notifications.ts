import { t } from '#shared/i18n/t';
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
    title: t('notify.unsent', { count }),
    body: t('notify.unsentWhy', { count }),
    group: 'operations',
  });
}

/** A person who closes a window may think that the app has ended. Returns false if this desktop shows no notifications. */
export function tellOfTray(presenter: Presenter): boolean {
  if (!presenter.isSupported()) return false;
  presenter.show(GOES_ON_IN_TRAY_ID, {
    ...QUIET,
    title: t('notify.goesOn'),
    body: t('notify.goesOnWhy'),
    group: 'app',
  });
  return true;
}

const QUIET: Pick<Announcement, 'buttons' | 'urgency' | 'stays'> = {
  buttons: [],
  urgency: 'normal',
  stays: false,
};
