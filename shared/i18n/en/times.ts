export const times = {
  justNow: 'just now',
  secondsAgo: '{{number}} s ago',
  minutesAgo: '{{number}} min ago',
  hoursAgo: '{{number}} h ago',
  yesterday: 'yesterday',
  daysAgo_one: '{{count}} day ago',
  daysAgo_other: '{{count}} days ago',
  now: 'now',
  inLessThanAMinute: 'in less than a minute',
  inMinutes: 'in {{number}} min',
  inHours: 'in {{number}} h',
  inDays_one: 'in {{count}} day',
  inDays_other: 'in {{count}} days',
  onDate: 'on {{date}}',
  /** Stands after "since" and "as of". */
  onAnotherDay: '{{dateTime}}',
  aboutPower: 'about 2^{{exponent}}',
} as const;
