import type { Announcement } from '../ports';

export const SAMPLE_ID = 'sample';

/** What a person sees who tries whether notifications work. */
export const SAMPLE: Announcement = {
  title: 'Notifications work',
  body: 'Gatehouse tells you here when a call from an unknown address is blocked.',
  buttons: [],
  urgency: 'normal',
  group: 'sample',
  stays: false,
};
