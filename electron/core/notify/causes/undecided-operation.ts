import { t } from '#shared/i18n/t';
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
    title: t('notify.undecided', { count }),
    body: t('notify.undecidedWhy', { count }),
    click: 'decideChange',
    buttons: [],
    urgency: 'normal',
    group: 'operations',
    stays: true,
  };
}
