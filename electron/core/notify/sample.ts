import type { Announcement } from '../ports';

export const SAMPLE_ID = 'sample';

/** The notification with which a person tests whether notifications work. */
export const SAMPLE: Announcement = {
  title: 'Notifications work',
  body: 'Gatehouse tells you here when a call from an unknown address is blocked.',
  buttons: [],
  urgency: 'normal',
  group: 'sample',
  stays: false,
};
