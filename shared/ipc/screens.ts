/** In the order of the navigation and of the menu; the position is the shortcut. */
export const SCREENS = [
  'overview',
  'pending',
  'log',
  'ranges',
  'protection',
  'keys',
  'users',
  'activity',
  'settings',
] as const;
export type Screen = (typeof SCREENS)[number];
