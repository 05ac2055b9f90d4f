export const pictures = {
  brushKeys: 'The arrow keys move, with Shift they extend, Enter filters, Escape clears.',
  nothingChosen: 'Nothing chosen',
  /** Follows the chosen time. */
  chosenContent: ': {{content}}',
  allowed: 'Allowed',
  blocked: 'Blocked',
  callsOverTime: 'From {{first}} to {{last}}: {{calls}}',
  chooseTime: 'Choose a time',
  allowedAndBlocked_one: '{{count}} call allowed, {{blocked}} blocked',
  allowedAndBlocked_other: '{{count}} calls allowed, {{blocked}} blocked',
  callsByCountry: 'Calls by country',
  mapScale: 'The larger, the more calls',
} as const;
