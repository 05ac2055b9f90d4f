import { z } from 'zod';
import { type Account, type AuditEvent, modeSchema } from '#shared/domain/entities';
import { told, UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import type { Announcement } from '../../ports';
import { type Decision, isOff, type Situation } from '../decision';
import type { ModeChange } from '../facts';
import { clockTime } from '../local-time';
import { notificationIdOf } from '../notification-id';

const ID = notificationIdOf('mode_changed');

/** Somebody else, or the service by itself, changed the mode. Of several changes the last one counts. */
export function decideModeChanges({ facts, preferences, history }: Situation): readonly Decision[] {
  const { modeChanges, mode, quiet } = facts;
  const isUnwanted = isOff('mode_changed', preferences);
  const shown = history.onScreen.get(ID);
  const isStale = shown !== undefined && (isUnwanted || mode === null || shown.announcement.about !== mode);
  const withdrawn = isStale ? [{ do: 'withdraw', id: ID, reason: isUnwanted ? 'off' : 'over' } as const] : [];

  const last = modeChanges.at(-1);
  if (last === undefined) return withdrawn;
  const subjects = modeChanges.map(({ id }) => id);
  if (isUnwanted || last.to !== mode) {
    const reason = isUnwanted ? 'off' : 'overtaken';
    return [...withdrawn, { do: 'drop', cause: 'mode_changed', subjects, reason }];
  }
  if (quiet !== null) {
    const held = subjects.filter((id) => !history.isHeld('mode_changed', id));
    return held.length === 0
      ? withdrawn
      : [...withdrawn, { do: 'hold', cause: 'mode_changed', subjects: held, reason: quiet }];
  }
  const announcement = modeAnnouncement(last);
  return [{ do: 'show', id: ID, cause: 'mode_changed', announcement, subjects, count: 1 }];
}

function modeAnnouncement({ by, atMs, from, to }: ModeChange): Announcement {
  // Nobody knows what a new mode lets in.
  const isOpen = to === 'deactivated' || to === UNRECOGNISED;
  const meaning = t(`notify.meaning_${to}`);
  const time = clockTime(atMs);
  const who = by ?? t('notify.theService');
  return {
    about: to,
    title: t(`notify.mode_${to}`),
    body:
      by === null && from === 'learning'
        ? t('notify.learningEnded', { time, meaning })
        : t(`notify.changedFrom_${from}`, { who, time, meaning }),
    buttons: [],
    urgency: isOpen ? 'critical' : 'normal',
    group: 'protection',
    stays: isOpen,
  };
}

/** The action of the audit trail that {@link modeChangeOf} reads. */
export const MODE_ACTION = 'mode.set';

const sideSchema = z.object({ mode: told(modeSchema) });

/** Returns the change of the mode in an event; null if the event is another one, or the signed-in user's own. */
export function modeChangeOf(event: AuditEvent, me: Account['me']): ModeChange | null {
  if (event.action !== MODE_ACTION || isBy(event, me)) return null;
  const [before, after] = [sideSchema.safeParse(event.before), sideSchema.safeParse(event.after)];
  if (!before.success || !after.success) return null;
  return {
    id: event.id,
    atMs: Date.parse(event.at),
    by: nameOf(event),
    from: before.data.mode,
    to: after.data.mode,
  };
}

function isBy({ actor }: AuditEvent, me: Account['me']): boolean {
  return actor.kind !== 'system' && (actor.id === me.userId || actor.name === me.email);
}

function nameOf({ actor }: AuditEvent): string | null {
  switch (actor.kind) {
    case 'system':
      return null;
    case 'email':
      return t('notify.byEmail', { who: actor.name });
    case 'user':
    case UNRECOGNISED:
      return actor.name;
  }
}
