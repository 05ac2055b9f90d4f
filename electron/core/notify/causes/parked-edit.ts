import { formatCount, plural } from '#shared/words';
import type { Announcement } from '../../ports';
import type { Provider } from '../decision';
import { announceState } from './announce-state';

/** Operations of this console wait for a decision. One notification stands for all. */
export const decideParkedEdits: Provider = (facts, preferences, history) => {
  const { parkedIds } = facts;
  const state =
    parkedIds.length === 0
      ? null
      : { subjects: parkedIds, announcement: parkedAnnouncement(parkedIds.length) };
  return announceState('parked_edit', state, facts, preferences, history);
};

const parkedAnnouncement = (count: number): Announcement => ({
  title: plural(
    count,
    'An edit waits for your decision',
    `${formatCount(count)} edits wait for your decision`,
  ),
  body: `The service has not carried ${plural(count, 'it', 'them')} out.`,
  click: 'see why, and to decide',
  buttons: [],
  urgency: 'normal',
  group: 'edits',
  stays: true,
});
