import { formatCount, plural } from '#shared/words';
import type { Announcement } from '../../ports';
import type { Provider } from '../decision';
import { announceState } from './announce-state';

/** Operations of this console wait for a decision. One notification stands for all. */
export const decideOperations: Provider = (facts, preferences, history) => {
  const { undecidedIds } = facts;
  const state =
    undecidedIds.length === 0
      ? null
      : { subjects: undecidedIds, announcement: operationsAnnouncement(undecidedIds.length) };
  return announceState('parked_edit', state, facts, preferences, history);
};

const operationsAnnouncement = (count: number): Announcement => ({
  title: plural(
    count,
    'An edit waits for your decision',
    `${formatCount(count)} edits wait for your decision`,
  ),
  body: `The service has not carried ${plural(count, 'it', 'them')} out.`,
  click: 'see why, and to decide',
  buttons: [],
  urgency: 'normal',
  group: 'operations',
  stays: true,
});
