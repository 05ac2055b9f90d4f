import { z } from 'zod';
import { LANGUAGES } from '../i18n/language';
import { call, type CallGroup, type EventGroup, nothing } from './call';

/** The behaviour of the console on this desktop. */
export const desktopSettingsSchema = z.strictObject({
  /** The console starts with the person's session. */
  startAtLogin: z.boolean(),
  /** A start at login opens no window, only the tray. */
  startHidden: z.boolean(),
  /** Closing the last window leaves the console in the tray. */
  closeToTray: z.boolean(),
  /** The console is in the menu of the desktop, with its icon, and opens `gatehouse://` links. */
  menuEntry: z.boolean(),
  /** The language of this console; `system` follows the system's. */
  language: z.enum(['system', ...LANGUAGES]),
});
export type DesktopSettings = z.infer<typeof desktopSettingsSchema>;

export const desktopStateSchema = z.object({
  settings: desktopSettingsSchema,
  /** True if the desktop shows a tray; without one nothing is kept there. */
  hasTray: z.boolean(),
  /** True if the console can be started at login here. */
  canStartAtLogin: z.boolean(),
  /** True if this desktop has a menu into which the console can put itself. */
  canHaveMenuEntry: z.boolean(),
  /** The language that follows from the setting. */
  language: z.enum(LANGUAGES),
});
export type DesktopState = z.infer<typeof desktopStateSchema>;

export const desktopCalls = {
  state: call(nothing, desktopStateSchema),
  /** Changes the given settings, and answers with the new state. */
  change: call(desktopSettingsSchema.partial(), desktopStateSchema),
} as const satisfies CallGroup;

export const desktopEvents = { changed: desktopStateSchema } as const satisfies EventGroup;
