import type { Review, ReviewCaller } from '#shared/domain/entities';
import { plainLine } from '#shared/domain/plain-text';
import { reviewName } from '#shared/domain/review-subject';
import type { QuickSeconds } from '#shared/ipc/quick';
import { countryName } from '#shared/words';
import { t } from '#shared/i18n/t';
import type { Announcement, NotificationButton } from '../ports';
import { clockTimeWithSeconds } from './local-time';
import { authorizeButton, BUTTON } from './notification-id';
import type { Summary } from './decision';

const LONGEST_NAME = 100;
const LONGEST_CALL = 80;

/** Notifications about reviews stay until they are answered or withdrawn. */
export const REVIEW_COMMON = { buttons: [], urgency: 'normal', group: 'reviews', stays: true } as const;

export interface ReviewStyle {
  /** True if the access token may answer. */
  readonly mayAnswer: boolean;
  readonly quickSeconds: QuickSeconds;
  /** True if address and key are hidden. */
  readonly hidesDetails: boolean;
  readonly isReporting: (keyId: string) => boolean;
}

/** Some desktops cut a button after its first word, so the label "Deny" is short. */
function answers(seconds: QuickSeconds): readonly NotificationButton[] {
  return [
    { id: authorizeButton(seconds), label: t('notify.allowFor', { duration: t(`words.quick_${seconds}`) }) },
    { id: BUTTON.deny, label: t('notify.deny') },
  ];
}

/** Returns the title without details. Nobody can decide without them, so such a notification has no buttons. */
export function hiddenTitle(isReported: boolean): string {
  return t(isReported ? 'notify.hiddenReported' : 'notify.hidden');
}

/** Returns true if the notification tells no details. */
export function isHiddenTitle(title: string | undefined): boolean {
  return title === hiddenTitle(true) || title === hiddenTitle(false);
}

/** Returns the notification about one review, with buttons only for those who may answer. */
export function reviewAnnouncement(review: Review, style: ReviewStyle): Announcement {
  const isReported = style.isReporting(review.keyId);
  const click = style.mayAnswer ? 'decide' : 'see';
  if (style.hidesDetails) {
    return { ...REVIEW_COMMON, title: hiddenTitle(isReported), body: t('notify.hiddenWhy'), click };
  }
  // Names are a stranger's text, and some desktops show only the first line of a notification.
  const parts = [t('notify.key', { name: plainLine(review.keyName, LONGEST_NAME) })];
  if (review.count > 1) {
    const time = clockTimeWithSeconds(Date.parse(review.lastAt));
    parts.push(t('notify.calls', { number: review.count, time }));
  }
  if (review.country !== null) parts.push(countryName(review.country));
  if (review.asName !== null) parts.push(plainLine(review.asName, LONGEST_NAME));
  const { proposal } = review;
  const hint = proposal === null ? [] : [t('proposal.hint', { number: proposal.covers })];
  const lines = [parts.join(' · '), ...callLine(review.callers[0]), ...hint];
  return {
    ...REVIEW_COMMON,
    title: t(isReported ? 'notify.wouldBeBlocked' : 'notify.blocked', { address: reviewName(review) }),
    body: lines.join('\n'),
    click,
    buttons: style.mayAnswer ? answers(style.quickSeconds) : [],
  };
}

/** Returns a line for the latest call, such as `POST /v1/orders · curl/8.5.0`. */
function callLine(caller: ReviewCaller | undefined): readonly string[] {
  if (caller === undefined) return [];
  const call = [caller.method, caller.path].flatMap((text) => (text === null ? [] : [text])).join(' ');
  const parts = [call, caller.userAgent ?? ''].map((text) => plainLine(text, LONGEST_CALL));
  const line = parts.filter((text) => text !== '').join(' · ');
  return line === '' ? [] : [line];
}

/** Returns the one notification that stands for many reviews. */
export function summaryAnnouncement(kind: Summary['kind'], count: number): Announcement {
  const click = count === 1 ? 'see' : 'seeAll';
  return kind === 'burst'
    ? {
        ...REVIEW_COMMON,
        title: t('notify.burst', { count }),
        body: t('notify.burstWhy', { count }),
        click,
      }
    : { ...REVIEW_COMMON, title: t('notify.missed', { count }), body: '', click };
}
