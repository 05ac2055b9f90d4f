import type { Review, ReviewCaller } from '#shared/domain/entities';
import { plainLine } from '#shared/domain/plain-text';
import { reviewName } from '#shared/domain/review-subject';
import { QUICK_WORDS, type QuickSeconds } from '#shared/ipc/quick';
import { countOf, countryName, formatCount } from '#shared/words';
import type { Announcement, NotificationButton } from '../ports';
import { clockTimeWithSeconds } from './local-time';
import { authorizeButton, BUTTON } from './notification-id';
import type { Summary } from './decision';

const LONGEST_NAME = 100;
const LONGEST_CALL = 80;

/** What differs with the person, and with who may look on. */
export interface ReviewStyle {
  /** Whether the access token may answer. */
  readonly mayAnswer: boolean;
  readonly quickSeconds: QuickSeconds;
  /** Whether only the fact is told. */
  readonly hidesDetails: boolean;
}

/** Some desktops cut a button after its first word, so that one is short. */
const answers = (seconds: QuickSeconds): readonly NotificationButton[] => [
  { id: authorizeButton(seconds), label: `Allow for ${QUICK_WORDS[seconds]}` },
  { id: BUTTON.deny, label: 'Deny' },
];

/** What stands in place of the details. Without them there is nothing to decide on, so there are no buttons either. */
export const HIDDEN_TITLE = 'A call from an unknown address was blocked';

/** The notification about one question; with the answers only for who may give them. */
export function reviewAnnouncement(review: Review, style: ReviewStyle): Announcement {
  const common = { urgency: 'normal', group: 'questions', stays: true } as const;
  const click = style.mayAnswer ? 'decide' : 'see it';
  if (style.hidesDetails) {
    return { ...common, title: HIDDEN_TITLE, body: 'Details are hidden.', click, buttons: [] };
  }
  // Names are somebody else's text, and the first line of a notification is all that some desktops show.
  const parts = [`Key “${plainLine(review.keyName, LONGEST_NAME)}”`];
  if (review.count > 1) {
    parts.push(
      `${formatCount(review.count)} calls, the last at ${clockTimeWithSeconds(Date.parse(review.lastAt))}`,
    );
  }
  if (review.country !== null) parts.push(countryName(review.country));
  if (review.asName !== null) parts.push(plainLine(review.asName, LONGEST_NAME));
  const lines = [parts.join(' · '), ...callLine(review.callers[0])];
  return {
    ...common,
    title: `Blocked: ${reviewName(review)}`,
    body: lines.join('\n'),
    click,
    buttons: style.mayAnswer ? answers(style.quickSeconds) : [],
  };
}

/** What the latest call was: `POST /v1/orders · curl/8.5.0`, each as the caller gave it. */
function callLine(caller: ReviewCaller | undefined): readonly string[] {
  if (caller === undefined) return [];
  const call = [caller.method, caller.path].flatMap((text) => (text === null ? [] : [text])).join(' ');
  const parts = [call, caller.userAgent ?? ''].map((text) => plainLine(text, LONGEST_CALL));
  const line = parts.filter((text) => text !== '').join(' · ');
  return line === '' ? [] : [line];
}

/** The notification that stands for many questions. */
export function summaryAnnouncement(kind: Summary['kind'], count: number): Announcement {
  const common = { buttons: [], urgency: 'normal', group: 'questions', stays: true } as const;
  const isOne = count === 1;
  const addresses = countOf(count, 'address', 'addresses');
  const click = isOne ? 'see it' : 'see them all';
  if (kind === 'burst') {
    const why = `${isOne ? 'It is' : 'They are'} not on the list of authorized IPs.`;
    return { ...common, title: `Blocked: ${addresses}`, body: why, click };
  }
  const title = `${addresses} ${isOne ? 'was' : 'were'} blocked while notifications were paused`;
  return { ...common, title, body: '', click };
}
