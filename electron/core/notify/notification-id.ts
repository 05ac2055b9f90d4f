import type { Screen } from '#shared/ipc/app';
import { type Cause, causeSchema } from '#shared/ipc/notifications';
import { QUICK_SECONDS, type QuickSeconds } from '#shared/ipc/quick';

/** The ids by which the desktop knows notifications. They mean the same in the next run of the program. */

const QUESTION = 'question-';

export const reviewNotificationId = (reviewId: string): string => `${QUESTION}${reviewId}`;

/** The question that a notification is about; null for other notifications. */
export const reviewIdOf = (notificationId: string): string | null =>
  notificationId.startsWith(QUESTION) ? notificationId.slice(QUESTION.length) : null;

/** The one that stands for many questions. */
export const SUMMARY_ID = 'questions';

/** All causes but questions have one notification at a time. */
export const notificationIdOf = (cause: Exclude<Cause, 'question'>): string => cause;

/** What the app says when it goes out of sight. */
export const UNSENT_OPERATIONS_ID = 'unsent-edits';
export const GOES_ON_IN_TRAY_ID = 'goes-on-in-tray';

/** The ids of all notifications that are not about one question. */
export const LASTING_IDS: readonly string[] = [
  SUMMARY_ID,
  UNSENT_OPERATIONS_ID,
  GOES_ON_IN_TRAY_ID,
  ...causeSchema.options.filter((cause) => cause !== 'question').map(notificationIdOf),
];

/** What the console shows when a notification is clicked that is not about one question. */
export function screenFor(notificationId: string): Screen | undefined {
  switch (notificationId) {
    case SUMMARY_ID:
    case notificationIdOf('parked_edit'):
      return 'pending';
    case notificationIdOf('mode_changed'):
    case notificationIdOf('learning_ending'):
      return 'protection';
    case notificationIdOf('grant_added'):
      return 'ranges';
    default:
      return undefined;
  }
}

/** What the buttons send back; the one that authorizes also says for how long, so that it does what stands on it. */
export const BUTTON = { deny: 'deny', undo: 'undo' } as const;

export const authorizeButton = (seconds: QuickSeconds): string => `authorize-${seconds}`;

/** For how long a button authorizes; undefined when it is another one. */
export function secondsOfButton(button: string): QuickSeconds | undefined {
  return QUICK_SECONDS.find((seconds) => button === authorizeButton(seconds));
}
