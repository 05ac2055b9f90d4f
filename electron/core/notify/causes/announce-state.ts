import type { Cause, NotificationPreferences } from '#shared/ipc/notifications';
import type { Announcement } from '../../ports';
import type { Facts } from '../facts';
import { notificationIdOf } from '../notification-id';
import type { Decision, History } from '../decision';
import { updateInPlace } from './update-in-place';

/** A state that lasts for a while. */
export interface AnnouncedState {
  /** The subjects of the state, each of which is announced once. */
  readonly subjects: readonly string[];
  readonly announcement: Announcement;
}

const UPDATE_INTERVAL_MS = 5_000;

/** Announces a state once, keeps the notification up to date, and withdraws it when the state is over (null). */
export function announceState(
  cause: Exclude<Cause, 'question'>,
  state: AnnouncedState | null,
  facts: Facts,
  preferences: NotificationPreferences,
  history: History,
): readonly Decision[] {
  const id = notificationIdOf(cause);
  const isOff = !preferences.enabled || !preferences.causes[cause];
  if (state === null || isOff) {
    return history.onScreen.has(id) ? [{ do: 'withdraw', id, reason: isOff ? 'off' : 'over' }] : [];
  }
  const { announcement, subjects } = state;
  const count = subjects.length;
  const news = subjects.filter((subject) => !history.wasAnnounced(cause, subject));
  if (news.length === 0) {
    return updateInPlace(facts, history, { id, announcement, count, intervalMs: UPDATE_INTERVAL_MS });
  }
  if (facts.quiet === null) return [{ do: 'show', id, cause, announcement, subjects: news, count }];
  const held = news.filter((subject) => !history.isHeld(cause, subject));
  return held.length === 0 ? [] : [{ do: 'hold', cause, subjects: held, reason: facts.quiet }];
}
