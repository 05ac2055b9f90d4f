import type { Cause } from '#shared/ipc/notifications';
import type { Announcement } from '../../ports';
import { type Decision, isOff, type Situation } from '../decision';
import { notificationIdOf } from '../notification-id';
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
  cause: Exclude<Cause, 'review'>,
  state: AnnouncedState | null,
  situation: Situation,
): readonly Decision[] {
  const { facts, preferences, history } = situation;
  const id = notificationIdOf(cause);
  if (state === null || isOff(cause, preferences)) {
    const reason = isOff(cause, preferences) ? 'off' : 'over';
    return history.onScreen.has(id) ? [{ do: 'withdraw', id, reason }] : [];
  }
  const { announcement, subjects } = state;
  const count = subjects.length;
  const news = subjects.filter((subject) => !history.wasAnnounced(cause, subject));
  if (news.length === 0) {
    return updateInPlace(situation, { id, announcement, count, intervalMs: UPDATE_INTERVAL_MS });
  }
  if (facts.quiet === null) return [{ do: 'show', id, cause, announcement, subjects: news, count }];
  const held = news.filter((subject) => !history.isHeld(cause, subject));
  return held.length === 0 ? [] : [{ do: 'hold', cause, subjects: held, reason: facts.quiet }];
}

/** Forgets those of the subjects that were announced or held back, because they are over. */
export function forgetOver(
  cause: Cause,
  subjects: readonly string[],
  { history }: Situation,
): readonly Decision[] {
  const over = subjects.filter(
    (subject) => history.wasAnnounced(cause, subject) || history.isHeld(cause, subject),
  );
  return over.length === 0 ? [] : [{ do: 'forget', cause, subjects: over }];
}
