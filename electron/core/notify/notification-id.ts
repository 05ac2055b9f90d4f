import type { Place } from '#shared/ipc/app';
import { type Cause, causeSchema } from '#shared/ipc/notifications';
import { QUICK_SECONDS, type QuickSeconds } from '#shared/ipc/quick';

/** The ids by which an account knows its notifications. They mean the same in the next run of the program. */

const REVIEW = 'review-';

export function reviewNotificationId(reviewId: string): string {
  return `${REVIEW}${reviewId}`;
}

/** Returns the id of the review that a notification is about; undefined for other notifications. */
export function reviewIdOf(notificationId: string): string | undefined {
  return notificationId.startsWith(REVIEW) ? notificationId.slice(REVIEW.length) : undefined;
}

/** The notification that stands for many reviews. */
export const SUMMARY_ID = 'reviews';

/** Every other cause has one notification at a time. */
export function notificationIdOf(cause: Exclude<Cause, 'review'>): string {
  return cause;
}

/** The notification with which a person tests whether notifications work. */
export const SAMPLE_ID = 'sample';

/** Notifications of the app when its last window is closed or it ends. */
export const UNSENT_OPERATIONS_ID = 'unsent-operations';
export const GOES_ON_IN_TRAY_ID = 'goes-on-in-tray';

export const FAREWELL_IDS: readonly string[] = [UNSENT_OPERATIONS_ID, GOES_ON_IN_TRAY_ID];

/** The ids of all notifications of an account that are not about one review. */
export const LASTING_IDS: readonly string[] = [
  SUMMARY_ID,
  ...causeSchema.options.filter((cause) => cause !== 'review').map(notificationIdOf),
];

/** Returns where a click on a notification leads that is not about one review. */
export function placeFor(notificationId: string): Place | undefined {
  switch (notificationId) {
    case SUMMARY_ID:
    case notificationIdOf('undecided_operation'):
      return 'pending';
    case notificationIdOf('mode_changed'):
    case notificationIdOf('learning_ending'):
      return 'protection';
    case notificationIdOf('grant_added'):
      return 'ranges';
    case notificationIdOf('source_trouble'):
      return 'sources';
    default:
      return undefined;
  }
}

/** The ids of the buttons. The id of an authorizing button contains the seconds, so that it does what its label said. */
export const BUTTON = { deny: 'deny', undo: 'undo' } as const;

export function authorizeButton(seconds: QuickSeconds): string {
  return `authorize-${seconds}`;
}

/** Returns the seconds for which a button authorizes; undefined for other buttons. */
export function secondsOfButton(button: string): QuickSeconds | undefined {
  return QUICK_SECONDS.find((seconds) => button === authorizeButton(seconds));
}
