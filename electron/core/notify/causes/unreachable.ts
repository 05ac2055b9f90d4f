import type { NotificationPreferences } from '#shared/ipc/notifications';
import { MINUTE_MS } from '#shared/durations';
import type { Announcement } from '../../ports';
import type { Facts, Outage } from '../facts';
import { clockTime } from '../local-time';
import type { Decision, History } from '../decision';
import { type AnnouncedState, announceState } from './announce-state';

/** A service that has not answered for this long is announced. */
export const SILENCE_MS = MINUTE_MS;
/** A computer that wakes up needs this long to find its network again. */
export const GRACE_MS = 15_000;

const OUTAGE = 'outage';
const SIGNED_OUT = 'signed-out';

/** The service has not answered for a while, or refuses the access token. It is announced once until it answers again. */
export function decideReachability(
  facts: Facts,
  preferences: NotificationPreferences,
  history: History,
): readonly Decision[] {
  const { outage, isOnline, nowMs } = facts;
  // An outage is over only when the service answers; after a restart nobody knows yet.
  const over = [OUTAGE, SIGNED_OUT].filter(
    (subject) =>
      isOnline && (history.wasAnnounced('unreachable', subject) || history.isHeld('unreachable', subject)),
  );
  const dueMs = outage === null ? Infinity : dueAt(outage);
  return [
    ...(over.length === 0 ? [] : [{ do: 'forget', cause: 'unreachable', subjects: over } as const]),
    ...announceState('unreachable', stateOf(facts, nowMs >= dueMs), facts, preferences, history),
    ...(outage !== null && nowMs < dueMs ? [{ do: 'wait', untilMs: dueMs } as const] : []),
  ];
}

const dueAt = ({ sinceMs, noticedMs }: Outage): number =>
  Math.max(sinceMs + SILENCE_MS, noticedMs + GRACE_MS);

function stateOf({ outage, signedOut, serviceName }: Facts, isDue: boolean): AnnouncedState | null {
  if (signedOut !== null) return { subjects: [SIGNED_OUT], announcement: signedOutAnnouncement(signedOut) };
  if (outage === null || !isDue) return null;
  return { subjects: [OUTAGE], announcement: outageAnnouncement(serviceName, outage) };
}

const COMMON = { buttons: [], urgency: 'normal', group: 'service', stays: false } as const;

const outageAnnouncement = (serviceName: string, { sinceMs, cause, isOwn }: Outage): Announcement => ({
  ...COMMON,
  title: isOwn ? 'This computer is in trouble' : 'The service does not answer',
  body:
    `Nothing has been taken in from ${serviceName} since ${clockTime(sinceMs)}. ${cause} ` +
    'What is known can still be read; edits are kept and sent later.',
});

const signedOutAnnouncement = (why: string): Announcement => ({
  ...COMMON,
  title: 'Signed out',
  body: `${why} Edits are paused until you sign in again.`,
  stays: true,
});
