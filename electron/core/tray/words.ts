import { isReporting } from '#shared/domain/reporting';
import type { Account, Review } from '#shared/domain/entities';
import { locale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { plainLine } from '#shared/domain/plain-text';
import type { Connection } from '#shared/ipc/connection';
import { serviceWords, toldState, troubleShort } from '#shared/ipc/service-words';
import { clockTime, dayInWords, localDay } from '../notify/local-time';

/** A longer name would make the menu as wide as the screen. */
const LONGEST_NAME = 32;

/** The mode in words, with the day on which learning ends. */
export function modeLine(account: Account): string {
  const { mode, learning } = account;
  if (isReporting(account, null)) return t('words.onlyReports', { mode: t(`tray.mode_${mode}`) });
  const endsAt = mode === 'learning' ? (learning?.endsAt ?? null) : null;
  if (endsAt === null) return t(`tray.mode_${mode}`);
  return t('tray.learningUntil', { day: dayInWords(Date.parse(endsAt)) });
}

/**
 * Returns a review's line, which begins with the address, because the decision is about it. It has no count, because an open menu
 * does not change.
 */
export function reviewLabel({ ip, keyName }: Review): string {
  return `${ip} · ${plainLine(keyName, LONGEST_NAME)}`;
}

/** Returns an account's name as a menu has room for it. */
export function shortName(name: string): string {
  return plainLine(name, LONGEST_NAME);
}

/** Puts the account's name before a line about it where there are several. */
export function named({ name }: { readonly name: string | undefined }, line: string): string {
  return name === undefined ? line : t('tray.named', { name: shortName(name), line });
}

export function reviewCount(count: number): string {
  return count === 0 ? t('tray.noReviews') : t('tray.reviews', { count });
}

/** Returns how calls to the protected API are decided if that is not as usual, or null. */
export function stateLine(connection: Connection): string | null {
  return serviceWords(toldState(connection))?.headline ?? null;
}

/** Returns the connection's problem, or null if there is none or it is about to end. */
export function serviceLine(connection: Connection, nowMs: number): string | null {
  switch (connection.kind) {
    case 'online':
    case 'connecting':
      return null;
    case 'none':
      return t('tray.notConnected');
    case 'unreachable':
      return troubleShort(connection.trouble, momentWords(connection.since, nowMs));
    case 'unauthorized':
      if (connection.code === 'token_locked' || connection.code === 'token_waiting') {
        return t('tray.keyStoreLocked');
      }
      return t('tray.signedOut');
    case 'failed':
      return t('tray.notStarted');
  }
}

/** Returns a local time, with its weekday unless it is today. */
export function momentWords(iso: string, nowMs: number): string {
  const ms = Date.parse(iso);
  const time = clockTime(ms);
  if (localDay(ms) === localDay(nowMs)) return time;
  return `${new Date(ms).toLocaleDateString(locale(), { weekday: 'short' })} ${time}`;
}
