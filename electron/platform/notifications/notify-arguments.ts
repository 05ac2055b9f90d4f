import { Variant } from 'dbus-native';
import type { Announcement } from '../../core/ports';
import { bodyWithClick, escapeMarkup, printable } from './printable';

/** The action that is the click on the notification itself. */
export const CLICK = 'default';

const APP_NAME = 'Gatehouse';
/** The name of the desktop file, from which servers take icon and settings. */
const DESKTOP_ENTRY = 'gatehouse';
const URGENCY = { low: 0, normal: 1, critical: 2 } as const;
const EXPIRES_BY_SERVER = -1;
const NEVER_EXPIRES = 0;

export const NOTIFY_SIGNATURE = 'susssasa{sv}i';

/** What a server can do, in the names of the specification. */
export interface Capabilities {
  readonly actions: boolean;
  readonly markup: boolean;
  /** A click on the notification opens something, and does not only put it away. */
  readonly click: boolean;
}

/** `server` is its name. dunst knows the action of a click, and puts the notification away instead unless it is set up. */
export function capabilitiesOf(names: readonly unknown[], server: string): Capabilities {
  return {
    actions: names.includes('actions'),
    markup: names.includes('body-markup'),
    click: names.includes('actions') && server !== 'dunst',
  };
}

/**
 * The arguments of `Notify`; `replaces` is the server's number of the one whose place it takes, 0 for none. The group is
 * left out: the specification has none, servers group by app.
 * https://specifications.freedesktop.org/notification-spec/latest/protocol.html
 */
export function notifyArguments(
  announcement: Announcement,
  replaces: number,
  capabilities: Capabilities,
  icon: string,
): readonly unknown[] {
  const body = printable(bodyWithClick(announcement, capabilities.click));
  return [
    APP_NAME,
    replaces,
    // Its own, because the desktop file that would name one need not be there.
    icon,
    // Never markup, says the specification.
    printable(announcement.title),
    capabilities.markup ? escapeMarkup(body) : body,
    // A server that cannot show them may make a dialog of a notification that has some.
    capabilities.actions ? actionsOf(announcement) : [],
    {
      urgency: new Variant('y', URGENCY[announcement.urgency]),
      'desktop-entry': new Variant('s', DESKTOP_ENTRY),
      category: new Variant('s', 'network'),
      // What only changes has been heard already.
      ...(replaces > 0 ? { 'suppress-sound': new Variant('b', true) } : {}),
    },
    announcement.stays ? NEVER_EXPIRES : EXPIRES_BY_SERVER,
  ];
}

/** Key and label in turns; the click has a label because some servers show it as a button. */
function actionsOf({ buttons }: Announcement): readonly string[] {
  return [CLICK, 'Open', ...buttons.flatMap(({ id, label }) => [id, printable(label)])];
}
