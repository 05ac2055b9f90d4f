import type { Announcement, AnnouncementEvent } from '../../core/ports';
import { bodyWithClick, escapeMarkup, printable } from './printable';

/** Distinguishes the notifications of one id, also from those of an earlier run. */
export type Showing = string;

export interface Activation {
  readonly event: AnnouncementEvent;
  readonly showing: Showing;
}

/**
 * Returns the toast as XML, because only then does a click carry our id: Electron's own toasts carry it for buttons alone.
 * The arguments have Electron's form and name the button by our id, because the order of the buttons is unknown after a
 * restart.
 * https://learn.microsoft.com/windows/apps/develop/notifications/app-notifications/adaptive-interactive-toasts
 */
export function toastXml(id: string, showing: Showing, announcement: Announcement): string {
  const { title, buttons, stays } = announcement;
  const attributes = `launch="${attribute(argumentsOf({ type: 'click', tag: id, showing }))}"`;
  const actions = buttons.map(({ id: button, label }, index) => {
    const pressed = argumentsOf({ type: 'action', action: String(index), tag: id, showing, button });
    return `<action activationType="foreground" arguments="${attribute(pressed)}" content="${attribute(label)}"/>`;
  });
  // Windows lets a toast stay only if a button can dismiss it; without a text that button has Windows' own.
  if (stays) actions.push('<action activationType="system" arguments="dismiss" content=""/>');
  return [
    `<toast ${attributes}${stays ? ' scenario="reminder"' : ''}>`,
    `<visual><binding template="ToastGeneric"><text>${attribute(title)}</text><text>${attribute(bodyWithClick(announcement))}</text></binding></visual>`,
    `<actions>${actions.join('')}</actions>`,
    '</toast>',
  ].join('');
}

/** Returns undefined if the activation belongs to no toast of ours. */
export function readActivation(given: {
  readonly type: string;
  readonly arguments: string;
}): Activation | undefined {
  const values = new URLSearchParams(given.arguments);
  const id = values.get('tag') ?? '';
  const showing = values.get('showing') ?? '';
  if (id === '' || showing === '') return undefined;
  const button = values.get('button');
  const isPressed = given.type === 'action' && button !== null;
  return { event: isPressed ? { kind: 'pressed', id, button } : { kind: 'clicked', id }, showing };
}

function argumentsOf(given: Readonly<Record<string, string>>): string {
  return Object.entries(given)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

function attribute(text: string): string {
  return escapeMarkup(printable(text));
}
