import { MINUTE_MS } from '#shared/durations';
import type { Connection } from '#shared/ipc/connection';
import { t } from '#shared/i18n/t';
import type { Announcement } from '../../ports';
import type { Decision, Situation } from '../decision';
import type { Facts, Outage } from '../facts';
import { clockTime } from '../local-time';
import { type AnnouncedState, announceState, forgetOver } from './announce-state';

/** A service that has not answered for this long is announced. */
export const SILENCE_MS = MINUTE_MS;
/** A computer that wakes up needs this long to find its network again. */
export const GRACE_MS = 15_000;

const OUTAGE = 'outage';
const SIGNED_OUT = 'signed-out';

/** The service has not answered for a while, or refuses the access token. It is announced once until it answers again. */
export function decideReachability(situation: Situation): readonly Decision[] {
  const { outage, isOnline, nowMs } = situation.facts;
  const dueMs =
    outage === null ? Infinity : Math.max(outage.sinceMs + SILENCE_MS, outage.noticedMs + GRACE_MS);
  return [
    // An outage is over only when the service answers; after a restart nobody knows yet.
    ...(isOnline ? forgetOver('unreachable', [OUTAGE, SIGNED_OUT], situation) : []),
    ...announceState('unreachable', stateOf(situation.facts, nowMs >= dueMs), situation),
    ...(outage !== null && nowMs < dueMs ? [{ do: 'wait', untilMs: dueMs } as const] : []),
  ];
}

function stateOf({ outage, signedOut, serviceName }: Facts, isDue: boolean): AnnouncedState | null {
  if (signedOut !== null) return { subjects: [SIGNED_OUT], announcement: signedOutAnnouncement(signedOut) };
  if (outage === null || !isDue) return null;
  return { subjects: [OUTAGE], announcement: outageAnnouncement(serviceName, outage) };
}

const COMMON = { buttons: [], urgency: 'normal', group: 'service', stays: false } as const;

function outageAnnouncement(serviceName: string, { sinceMs, cause, isOwn }: Outage): Announcement {
  return {
    ...COMMON,
    title: isOwn ? t('notify.ownTrouble') : t('notify.noAnswer'),
    body: t('notify.outage', { service: serviceName, time: clockTime(sinceMs), why: cause }),
  };
}

function signedOutAnnouncement(why: string): Announcement {
  return {
    ...COMMON,
    title: t('notify.signedOut'),
    body: t('notify.signedOutWhy', { why }),
    stays: true,
  };
}

export type OutageFacts = Pick<Facts, 'outage' | 'signedOut'>;

export const NO_OUTAGE: OutageFacts = { outage: null, signedOut: null };

/**
 * Returns the outage after a change of the connection. An outage keeps its beginning until the service answers; it cannot begin
 * before `startedMs`, when the program began to follow the account.
 */
export function outageAfter(
  before: OutageFacts,
  connection: Connection,
  nowMs: number,
  startedMs: number,
): OutageFacts {
  const since = (sinceMs: number, cause: string, isOwn: boolean): OutageFacts => ({
    outage: { ...(before.outage ?? { sinceMs, noticedMs: nowMs }), cause, isOwn },
    signedOut: null,
  });
  switch (connection.kind) {
    case 'none':
    case 'online':
      return NO_OUTAGE;
    case 'unauthorized':
      // The key store is asking a person for its password, and nobody knows yet how that ends.
      if (connection.code === 'token_waiting') return before;
      return { outage: null, signedOut: connection.message };
    case 'unreachable': {
      const sinceMs = Math.max(Date.parse(connection.since), startedMs);
      return since(sinceMs, connection.message, connection.trouble === 'console');
    }
    case 'failed':
      return since(nowMs, connection.message, false);
    case 'connecting':
      return before;
  }
}
