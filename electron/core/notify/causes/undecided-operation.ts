import { formatCount, plural } from '#shared/words';
import type { Announcement } from '../../ports';
import type { Decision, Situation } from '../decision';
import { announceState } from './announce-state';

/** Operations of this console were rejected, conflict or are held. One notification stands for all. */
export function decideOperations(situation: Situation): readonly Decision[] {
  const { undecidedIds } = situation.facts;
  const state =
    undecidedIds.length === 0
      ? null
      : { subjects: undecidedIds, announcement: operationsAnnouncement(undecidedIds.length) };
  return announceState('undecided_operation', state, situation);
}

function operationsAnnouncement(count: number): Announcement {
  return {
    title: plural(
      count,
      'A change waits for your decision',
      `${formatCount(count)} changes wait for your decision`,
    ),
    body: `The service has not carried ${plural(count, 'it', 'them')} out.`,
    click: 'see why, and to decide',
    buttons: [],
    urgency: 'normal',
    group: 'operations',
    stays: true,
  };
}
