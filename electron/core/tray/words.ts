import type { Account, Review } from '#shared/domain/entities';
import { plainLine } from '#shared/domain/plain-text';
import type { Connection } from '#shared/ipc/connection';
import { serviceWords, toldState, troubleShort } from '#shared/ipc/service-words';
import { countOf } from '#shared/words';
import { clockTime, dayInWords, localDay } from '../notify/local-time';

/** A longer name would make the menu as wide as the screen. */
const LONGEST_NAME = 32;

const MODE_NAMES: Readonly<Record<Account['mode'], string>> = {
  learning: 'Learning',
  automatic: 'Automatic',
  manual: 'Manual',
  deactivated: 'Deactivated: every IP accepted',
  unrecognised: 'Something new: update this console',
};

/** The mode in words, with the day on which learning ends. */
export function modeLine({ mode, learning }: Account): string {
  const endsAt = mode === 'learning' ? (learning?.endsAt ?? null) : null;
  if (endsAt === null) return MODE_NAMES[mode];
  return `${MODE_NAMES[mode]} until ${dayInWords(Date.parse(endsAt))}`;
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
  return name === undefined ? line : `${shortName(name)}: ${line}`;
}

export function reviewCount(count: number): string {
  return count === 0 ? 'No pending reviews' : countOf(count, 'pending review');
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
      return 'Not connected to a service';
    case 'unreachable':
      return troubleShort(connection.trouble, momentWords(connection.since, nowMs));
    case 'unauthorized':
      if (connection.code === 'token_locked' || connection.code === 'token_waiting') {
        return 'Not connected: the key store is locked';
      }
      return 'Signed out: the access token is not accepted';
    case 'failed':
      return 'The service on this computer did not start';
  }
}

export function untilWords(iso: string, nowMs: number): string {
  return `until ${momentWords(iso, nowMs)}`;
}

/** Returns a local time, with its weekday unless it is today. */
function momentWords(iso: string, nowMs: number): string {
  const ms = Date.parse(iso);
  const time = clockTime(ms);
  if (localDay(ms) === localDay(nowMs)) return time;
  return `${new Date(ms).toLocaleDateString('en-GB', { weekday: 'short' })} ${time}`;
}
