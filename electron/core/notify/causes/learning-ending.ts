import type { Account } from '#shared/domain/entities';
import { learningDueMs } from '#shared/domain/learning-end';
import { SECOND_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import type { Announcement } from '../../ports';
import type { Decision, Situation } from '../decision';
import type { Facts } from '../facts';
import { clockTime, dayInWords, localDay } from '../local-time';
import { announceState } from './announce-state';

/** `endsAt` is by the service's clock, which is `clockOffsetMs` ahead of this computer's. */
export function learningOf(account: Account | null, clockOffsetMs: number): Facts['learning'] {
  if (account?.mode !== 'learning' || account.learning === null) return null;
  const { endsAt, windowSeconds } = account.learning;
  if (endsAt === null) return null;
  return { endsAtMs: Date.parse(endsAt) - clockOffsetMs, windowMs: windowSeconds * SECOND_MS };
}

/** The day on which learning ends. A new address moves it, and the new day is announced again. */
export function learningSubject({ endsAtMs }: NonNullable<Facts['learning']>): string {
  return localDay(endsAtMs);
}

/** Learning ends soon, by itself. It is announced once for each day on which it may end. */
export function decideLearning(situation: Situation): readonly Decision[] {
  const { learning, nowMs, mayAnswer } = situation.facts;
  if (learning === null) return announceState('learning_ending', null, situation);
  const dueMs = learningDueMs(learning);
  const state =
    nowMs < dueMs || nowMs >= learning.endsAtMs
      ? null
      : {
          subjects: [learningSubject(learning)],
          announcement: learningAnnouncement(learning.endsAtMs, mayAnswer),
        };
  return [
    ...announceState('learning_ending', state, situation),
    ...(nowMs < dueMs ? [{ do: 'wait', untilMs: dueMs } as const] : []),
    ...(state === null ? [] : [{ do: 'wait', untilMs: learning.endsAtMs } as const]),
  ];
}

function learningAnnouncement(endsAtMs: number, mayChoose: boolean): Announcement {
  return {
    title: t('notify.learningEnds', { day: dayInWords(endsAtMs), time: clockTime(endsAtMs) }),
    body: t('notify.learningEndsWhy'),
    click: mayChoose ? 'chooseMode' : 'see',
    buttons: [],
    urgency: 'normal',
    group: 'protection',
    stays: false,
  };
}
