import type { Cause, HideDetails, NotificationState } from '#shared/ipc/notifications';
import { QUICK_SECONDS, QUICK_WORDS } from '#shared/ipc/quick';

export const CAUSES: readonly {
  readonly cause: Cause;
  readonly words: string;
  readonly description?: string;
}[] = [
  { cause: 'review', words: 'A call from an unknown address was blocked' },
  { cause: 'unreachable', words: 'The service has not answered for a while' },
  {
    cause: 'service_state',
    words: 'Calls do not get the verdicts that they should',
    description: 'Every call is refused, or let in, or a proxy does not name its callers.',
  },
  {
    cause: 'undecided_operation',
    words: 'A change of mine needs me',
    description: 'It is in conflict, or was refused.',
  },
  { cause: 'mode_changed', words: 'Somebody else changed the mode' },
  { cause: 'learning_ending', words: 'Learning is about to end' },
  { cause: 'grant_added', words: 'The trust review let an address in by itself' },
];

export function desktopWords({ supported, buttons }: NotificationState['desktop']): string {
  if (!supported)
    return 'This desktop shows no notifications. Reviews still wait in Pending, and the tray counts them.';
  return buttons
    ? 'This desktop shows notifications with buttons: a review can be answered there. A click opens all choices.'
    : 'This desktop shows notifications without buttons: a click opens the review with all choices.';
}

/** Days in the order of a week here, with JavaScript's numbers. */
export const DAYS: readonly { readonly day: number; readonly short: string; readonly name: string }[] = [
  { day: 1, short: 'Mo', name: 'Monday' },
  { day: 2, short: 'Tu', name: 'Tuesday' },
  { day: 3, short: 'We', name: 'Wednesday' },
  { day: 4, short: 'Th', name: 'Thursday' },
  { day: 5, short: 'Fr', name: 'Friday' },
  { day: 6, short: 'Sa', name: 'Saturday' },
  { day: 0, short: 'Su', name: 'Sunday' },
];

export const QUICK_CHOICES = QUICK_SECONDS.map((seconds) => ({
  value: String(seconds),
  label: QUICK_WORDS[seconds],
}));

export const HIDE_CHOICES: { readonly value: HideDetails; readonly label: string }[] = [
  { value: 'never', label: 'Never' },
  { value: 'locked', label: 'While the screen is locked' },
  { value: 'always', label: 'Always' },
];
