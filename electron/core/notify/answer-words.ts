import { UNRECOGNISED } from '#shared/domain/told';
import type { Review } from '#shared/domain/entities';
import type { QuickSeconds } from '#shared/ipc/quick';
import { t } from '#shared/i18n/t';
import type { Announcement, NotificationButton } from '../ports';
import { clockTime, clockTimeWithSeconds } from './local-time';
import { BUTTON } from './notification-id';
import { REVIEW_COMMON } from './review-words';

/** The texts of a notification after one of its buttons was pressed. */

/** The pressed answer; an authorization has its seconds. */
export type GivenAnswer =
  { readonly verb: 'authorize'; readonly seconds: QuickSeconds } | { readonly verb: 'deny' };

function undoButton(): readonly NotificationButton[] {
  return [{ id: BUTTON.undo, label: t('notify.undo') }];
}

/** The answer has not reached the service yet. */
export function keptAnnouncement(answer: GivenAnswer, ip: string, isOnline: boolean): Announcement {
  return {
    ...REVIEW_COMMON,
    title: titleOf(answer, ip),
    body: isOnline ? t('notify.onItsWay') : t('notify.kept'),
    buttons: undoButton(),
  };
}

export function enforcedAnnouncement(answer: GivenAnswer, ip: string, enforcedAtMs: number): Announcement {
  return {
    ...REVIEW_COMMON,
    title: titleOf(answer, ip),
    body: t('notify.enforced', { time: clockTimeWithSeconds(enforcedAtMs) }),
    buttons: undoButton(),
  };
}

export function undoneAnnouncement(ip: string): Announcement {
  return {
    ...REVIEW_COMMON,
    title: t('notify.takenBack', { address: ip }),
    body: t('notify.undone'),
  };
}

/** Somebody else was faster. `isKept` says that the answer was sent and is conflicted, so that a person has to decide. */
export function answeredAnnouncement(ip: string, current: Review | null, isKept: boolean): Announcement {
  const what = current === null ? t('notify.somebodyFaster') : whoAndHow(current);
  return {
    ...REVIEW_COMMON,
    title: t('notify.answeredAlready', { address: ip }),
    body: isKept ? t('notify.notCarriedOut', { what }) : t('notify.changedNothing', { what }),
    ...(isKept ? { click: 'seeReview' } : {}),
  };
}

export function goneAnnouncement(): Announcement {
  return { ...REVIEW_COMMON, title: t('notify.gone'), body: t('notify.goneWhy') };
}

function titleOf(answer: GivenAnswer, ip: string): string {
  return answer.verb === 'authorize'
    ? t('notify.authorized', { address: ip, duration: t(`words.quick_${answer.seconds}`) })
    : t('notify.denied', { address: ip });
}

function whoAndHow({ status, decidedBy, decidedAt }: Review): string {
  const who = decidedBy ?? t('notify.somebodyElse');
  switch (status) {
    case 'authorized':
    case 'denied':
    case 'superseded':
      return decidedAt === null
        ? t(`notify.by_${status}`, { who })
        : t(`notify.byAt_${status}`, { who, time: clockTime(Date.parse(decidedAt)) });
    case 'expired':
      return t('notify.expired');
    case 'pending':
    case UNRECOGNISED:
      return t('notify.somebodyFaster');
  }
}
