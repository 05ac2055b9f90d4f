import type { Account } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import type { Announcement } from '../../ports';
import type { ModeChange } from '../facts';
import { clockTime } from '../local-time';
import { notificationIdOf } from '../notification-id';
import type { Provider } from '../decision';

const ID = notificationIdOf('mode_changed');

/** Somebody else, or the service by itself, changed the mode. Of several changes the last one counts. */
export const decideModeChanges: Provider = (facts, preferences, history) => {
  const { modeChanges, mode, quiet } = facts;
  const isOff = !preferences.enabled || !preferences.causes.mode_changed;
  const shown = history.onScreen.get(ID);
  const isStale =
    shown !== undefined && (isOff || mode === null || shown.announcement.title !== titleOf(mode));
  const withdrawn = isStale ? [{ do: 'withdraw', id: ID, reason: isOff ? 'off' : 'over' } as const] : [];

  const last = modeChanges.at(-1);
  if (last === undefined) return withdrawn;
  const subjects = modeChanges.map(({ id }) => id);
  if (isOff || last.to !== mode) {
    const reason = isOff ? 'off' : 'overtaken';
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
};

const titleOf = (mode: Account['mode']): string =>
  mode === 'deactivated' ? 'Protection is deactivated' : `Protection is now ${inWords[mode]}`;

const inWords = {
  learning: 'in learning',
  automatic: 'automatic',
  manual: 'manual',
  deactivated: 'deactivated',
  unrecognised: 'in a mode that this console does not know',
} as const satisfies Record<Account['mode'], string>;

const meaning = {
  learning: 'Every address that a key is used from is authorized.',
  automatic: 'The trust review judges addresses that are not on the list.',
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
