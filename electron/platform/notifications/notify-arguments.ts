import { Variant } from 'dbus-native';
import { t } from '#shared/i18n/t';
import type { Announcement } from '../../core/ports';
import { bodyWithClick, escapeMarkup, printable } from './printable';

/** The action of a click on the notification itself. */
export const CLICK = 'default';

const APP_NAME = 'Gatehouse';
/** Servers take the icon and their settings from the desktop file of this name. */
const DESKTOP_ENTRY = 'gatehouse';
const URGENCY = { low: 0, normal: 1, critical: 2 } as const;
const EXPIRES_BY_SERVER = -1;
const NEVER_EXPIRES = 0;

export const NOTIFY_SIGNATURE = 'susssasa{sv}i';

/** The server's capabilities, in the specification's names. */
export interface Capabilities {
  readonly actions: boolean;
  readonly markup: boolean;
  /** True if a click opens something, and does not only dismiss the notification. */
  readonly click: boolean;
}

/** dunst has the action `default`, but a click dismisses the notification unless it is configured otherwise. */
export function capabilitiesOf(names: readonly unknown[], server: string): Capabilities {
  return {
    actions: names.includes('actions'),
    markup: names.includes('body-markup'),
    click: names.includes('actions') && server !== 'dunst',
  };
}

/**
 * Returns the arguments of `Notify`. `replaces` is the server's number of the notification that this one replaces, or 0.
 * The specification has no groups; servers group by app.
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
    // The icon is given explicitly, because the desktop file need not exist.
    icon,
    // The specification says that the title is never markup.
    printable(announcement.title),
    capabilities.markup ? escapeMarkup(body) : body,
    // A server without buttons may turn a notification that has some into a dialog.
    capabilities.actions ? actionsOf(announcement) : [],
    {
      urgency: new Variant('y', URGENCY[announcement.urgency]),
      'desktop-entry': new Variant('s', DESKTOP_ENTRY),
      category: new Variant('s', 'network'),
      // An update makes no second sound.
      ...(replaces > 0 ? { 'suppress-sound': new Variant('b', true) } : {}),
    },
    announcement.stays ? NEVER_EXPIRES : EXPIRES_BY_SERVER,
  ];
}

/** Returns keys and labels in turn. The click has a label because some servers show it as a button. */
function actionsOf({ buttons }: Announcement): readonly string[] {
  return [CLICK, t('notify.open'), ...buttons.flatMap(({ id, label }) => [id, printable(label)])];
}
