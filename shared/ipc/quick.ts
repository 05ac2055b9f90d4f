/** The durations in seconds for which a notification's button and the tray may authorize an address. */
export const QUICK_SECONDS = [900, 3_600, 28_800, 86_400, 604_800] as const;
export type QuickSeconds = (typeof QUICK_SECONDS)[number];
