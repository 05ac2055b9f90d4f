import { z } from 'zod';
import { type Account, type AuditEvent, modeSchema } from '#shared/domain/entities';
import { told, UNRECOGNISED } from '#shared/domain/told';
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
  const isStale =
    shown !== undefined && (isUnwanted || mode === null || shown.announcement.title !== titleOf(mode));
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

function titleOf(mode: Account['mode']): string {
  return mode === 'deactivated' ? 'Protection is deactivated' : `Protection is now in ${inWords[mode]}`;
}

const inWords = {
  learning: 'learning mode',
  automatic: 'automatic mode',
  manual: 'manual mode',
  deactivated: 'deactivated',
  unrecognised: 'a mode that this console does not know',
} as const satisfies Record<Account['mode'], string>;

const meaning = {
  learning: 'Every address that a key is used from is authorized.',
  automatic: 'The trust review decides about addresses that are not on the list.',
  manual: 'Addresses that are not on the list are blocked until you decide.',
  deactivated: 'Every address is let in.',
  unrecognised: 'Update this console.',
} as const satisfies Record<Account['mode'], string>;

function modeAnnouncement({ by, atMs, from, to }: ModeChange): Announcement {
  // Nobody knows what a new mode lets in.
  const isOpen = to === 'deactivated' || to === UNRECOGNISED;
  const cause =
    by === null && from === 'learning'
      ? `Learning ended by itself at ${clockTime(atMs)}.`
      : `${by ?? 'The service'} changed it from ${inWords[from]} at ${clockTime(atMs)}.`;
  return {
    title: titleOf(to),
    body: `${cause} ${meaning[to]}`,
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
      return `${actor.name} (by e-mail)`;
    case 'user':
    case UNRECOGNISED:
      return actor.name;
  }
}
