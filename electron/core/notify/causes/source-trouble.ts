import type { Source } from '#shared/domain/source';
import { sourceName } from '#shared/domain/source-words';
import { t } from '#shared/i18n/t';
import type { Announcement } from '../../ports';
import type { Decision, Situation } from '../decision';
import type { Facts } from '../facts';
import { announceState, forgetOver } from './announce-state';

/** A source that keeps its earlier ranges because its last answer was not taken. */
export function isInTrouble({ status }: Pick<Source, 'status'>): boolean {
  return status === 'failing' || status === 'shrunk';
}

/** Sources fail, or their lists became much smaller. One notification stands for all, and each is announced once until it is well. */
export function decideSources(situation: Situation): readonly Decision[] {
  const { sources } = situation.facts;
  const troubled = sources.filter(isInTrouble);
  const [first] = troubled;
  const over = sources.filter((source) => !isInTrouble(source)).map(({ id }) => id);
  const state =
    first === undefined
      ? null
      : { subjects: troubled.map(({ id }) => id), announcement: announcementOf(first, troubled.length) };
  return [
    ...forgetOver('source_trouble', over, situation),
    ...announceState('source_trouble', state, situation),
  ];
}

function announcementOf(source: Facts['sources'][number], count: number): Announcement {
  return {
    title:
      count === 1
        ? t(source.status === 'shrunk' ? 'notify.sourceShrunk' : 'notify.sourceFails', {
            name: sourceName(source),
          })
        : t('notify.sourcesFail', { count }),
    body: t('notify.sourceKeeps', { count }),
    click: 'see',
    buttons: [],
    urgency: 'normal',
    group: 'protection',
    stays: false,
  };
}
