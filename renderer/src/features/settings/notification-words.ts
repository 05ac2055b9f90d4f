import { locale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import type { Cause, HideDetails, NotificationState } from '#shared/ipc/notifications';

export const CAUSES: readonly Cause[] = [
  'review',
  'unreachable',
  'service_state',
  'undecided_operation',
  'mode_changed',
  'learning_ending',
  'source_trouble',
  'grant_added',
];

/** Returns what else there is to say about a cause. */
export function causeHelp(cause: Cause): string | undefined {
  return cause === 'service_state' || cause === 'undecided_operation'
    ? t(`settings.causeHelp_${cause}`)
    : undefined;
}

export function desktopWords({ supported, buttons }: NotificationState['desktop']): string {
  if (!supported) return t('settings.desktopNoNotifications');
  return t(buttons ? 'settings.desktopButtons' : 'settings.desktopNoButtons');
}

/** JavaScript's numbers of the days, in the order of a week here. */
export const DAYS: readonly number[] = [1, 2, 3, 4, 5, 6, 0];

/** Returns the name of a day: `Monday`, or `Mon`. */
export function dayName(day: number, weekday: 'long' | 'short'): string {
  // The fourth of January 1970 was a Sunday.
  return new Intl.DateTimeFormat(locale(), { weekday, timeZone: 'UTC' }).format(Date.UTC(1970, 0, 4 + day));
}

export const HIDE_CHOICES: readonly HideDetails[] = ['never', 'locked', 'always'];
