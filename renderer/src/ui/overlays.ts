/** Returns true while a dialog or a menu is open, which then gets the keys. */
export function hasOverlay(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"]') !== null;
}
