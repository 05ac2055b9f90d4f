import { z } from 'zod';
import { call, type CallGroup, type EventGroup, nothing } from './call';

/** How the console behaves on this desktop. */
export const desktopSettingsSchema = z.strictObject({
  /** Started with the person's session. */
  startAtLogin: z.boolean(),
  /** Started at login without a window: in the tray only. */
  startHidden: z.boolean(),
  /** Closing the window leaves the console in the tray. */
  closeToTray: z.boolean(),
  /** In the menu of the desktop, with its icon, and opened by `gatehouse://` links. */
  menuEntry: z.boolean(),
});
export type DesktopSettings = z.infer<typeof desktopSettingsSchema>;

export const desktopStateSchema = z.object({
  settings: desktopSettingsSchema,
  /** Whether the desktop shows a tray; without one nothing is kept there. */
  hasTray: z.boolean(),
  /** Whether the console can be started at login here. */
  canStartAtLogin: z.boolean(),
  /** Whether this desktop has a menu into which the console can put itself. */
  canHaveMenuEntry: z.boolean(),
});
export type DesktopState = z.infer<typeof desktopStateSchema>;

export const desktopCalls = {
  state: call(nothing, desktopStateSchema),
  /** Changes the settings that are named; answers with how they stand then. */
  change: call(desktopSettingsSchema.partial(), desktopStateSchema),
} as const satisfies CallGroup;

export const desktopEvents = { changed: desktopStateSchema } as const satisfies EventGroup;
