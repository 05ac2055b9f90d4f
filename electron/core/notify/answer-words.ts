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

const UNDO: readonly NotificationButton[] = [{ id: BUTTON.undo, label: 'Undo' }];

/** The answer has not reached the service yet. */
export function keptAnnouncement(answer: GivenAnswer, ip: string, isOnline: boolean): Announcement {
  return {
    ...REVIEW_COMMON,
    title: titleOf(answer, ip),
    body: isOnline ? 'On its way to the service.' : 'Kept. It is sent when the service answers.',
    buttons: UNDO,
  };
}

export function enforcedAnnouncement(answer: GivenAnswer, ip: string, enforcedAtMs: number): Announcement {
  return {
    ...REVIEW_COMMON,
    title: titleOf(answer, ip),
    body: `Enforced at ${clockTimeWithSeconds(enforcedAtMs)}.`,
    buttons: UNDO,
  };
}

export function undoneAnnouncement(ip: string): Announcement {
  return {
    ...REVIEW_COMMON,
    title: `Taken back: ${ip}`,
    body: 'Your answer was undone.',
  };
}

/** Somebody else was faster. `isKept` says that the answer was sent and is conflicted, so that a person has to decide. */
export function answeredAnnouncement(ip: string, current: Review | null, isKept: boolean): Announcement {
  return {
    ...REVIEW_COMMON,
    title: `Answered already: ${ip}`,
    body:
      `${current === null ? FASTER : whoAndHow(current)} ` +
      (isKept ? 'Your answer was not carried out.' : 'Your answer changed nothing.'),
    ...(isKept ? { click: 'see the review' } : {}),
  };
}

export const GONE_ANNOUNCEMENT: Announcement = {
  ...REVIEW_COMMON,
  title: 'The review is gone',
  body: 'The service does not have it any more. Your answer changed nothing.',
};

const FASTER = 'Somebody else was faster.';

function titleOf(answer: GivenAnswer, ip: string): string {
  return answer.verb === 'authorize'
    ? `Authorized ${ip} for ${t(`words.quick_${answer.seconds}`)}`
    : `Denied ${ip}`;
}

function whoAndHow({ status, decidedBy, decidedAt }: Review): string {
  const when = decidedAt === null ? '' : ` at ${clockTime(Date.parse(decidedAt))}`;
  const who = decidedBy ?? 'Somebody else';
  switch (status) {
    case 'authorized':
      return `${who} authorized it${when}.`;
    case 'denied':
      return `${who} denied it${when}.`;
    case 'superseded':
      return `Another answer settled it${when}.`;
    case 'expired':
      return 'It has expired.';
    case 'pending':
    case UNRECOGNISED:
      return FASTER;
  }
}
