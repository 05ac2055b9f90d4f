import type { times as english } from '../en/times';
import type { Translation } from '../translation';

export const times: Translation<typeof english> = {
  justNow: 'à l’instant',
  secondsAgo: 'il y a {{number}} s',
  minutesAgo: 'il y a {{number}} min',
  hoursAgo: 'il y a {{number}} h',
  yesterday: 'hier',
  daysAgo_one: 'il y a {{count}} jour',
  daysAgo_other: 'il y a {{count}} jours',
  now: 'maintenant',
  inLessThanAMinute: 'dans moins d’une minute',
  inMinutes: 'dans {{number}} min',
  inHours: 'dans {{number}} h',
  inDays_one: 'dans {{count}} jour',
  inDays_other: 'dans {{count}} jours',
  onDate: 'le {{date}}',
  onAnotherDay: 'le {{dateTime}}',
  atTime: 'à {{time}}',
  atDateTime: 'le {{dateTime}}',
  anyTime: 'Toutes les périodes',
  since: 'Depuis : {{moment}}',
  until: 'Jusqu’à : {{moment}}',
  span: '{{from}} – {{to}}',
  spanToToday: '{{from}} – {{to}} aujourd’hui',
  aboutPower: 'environ 2^{{exponent}}',
};
