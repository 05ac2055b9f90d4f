import { t } from '#shared/i18n/t';
import type { Announcement } from '../../core/ports';

/**
 * XML and D-Bus cannot carry all control characters or lone surrogates, and direction marks would turn the text that
 * follows.
 */
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Returns the text without characters that cannot be shown, because names come from elsewhere. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, '').replace(LONE_SURROGATE, '\uFFFD');
}

/** Returns the body with the purpose of a click, or with another way to it where a click does nothing. */
export function bodyWithClick({ body, click }: Announcement, hasClick = true): string {
  if (click === undefined) return body;
  const purpose = hasClick ? t(`notify.click_${click}`) : t(`notify.open_${click}`);
  return body === '' ? purpose : `${body}\n${purpose}`;
}

/** Escapes text for an element or a quoted attribute, in XML and in the markup of notifications. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
