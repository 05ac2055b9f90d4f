import type { Announcement } from '../../core/ports';

/**
 * Neither XML nor D-Bus can carry all control characters, nor halves of characters; and marks would turn the direction of what
 * follows.
 */
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** The text with nothing in it that cannot be shown: names come from elsewhere. Line breaks and tabs stay. */
export function printable(text: string): string {
  return text.replace(CONTROL, '').replace(LONE_SURROGATE, '\uFFFD');
}

/** The text of a notification with what a click on it is for, or with what to do where a click does nothing. */
export function bodyWithClick({ body, click }: Announcement, hasClick = true): string {
  return [body, click === undefined ? '' : `${hasClick ? 'Click' : 'Open Gatehouse'} to ${click}.`]
    .filter((line) => line !== '')
    .join('\n');
}

/** The text as content of an element or a quoted attribute, in XML and in the markup of notifications. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
