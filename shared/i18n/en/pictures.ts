export const pictures = {
  brushKeys: 'The arrow keys move, with Shift they extend, Enter filters, Escape clears.',
  nothingChosen: 'Nothing chosen',
  allowed: 'Allowed',
  blocked: 'Blocked',
  mapScale: 'The larger, the more calls',
} as const;
