import type { Review } from '#shared/domain/entities';
import { plainLine } from '#shared/domain/plain-text';
import { reviewName } from '#shared/domain/review-subject';
import type { Announcement, NotificationButton } from '../ports';
import { clockTimeWithSeconds } from './local-time';
import { BUTTON } from './notification-id';
import type { Summary } from './decision';

const LONGEST_NAME = 100;

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

const ANSWERS: readonly NotificationButton[] = [
  { id: BUTTON.authorize, label: 'Authorize for 1 hour' },
  { id: BUTTON.deny, label: 'Deny' },
];

/** The notification about one question; with the answers only for who may give them. */
export function questionAnnouncement(review: Review, mayAnswer: boolean): Announcement {
  // Names are somebody else's text, and the first line of a notification is all that some desktops show.
  const parts = [`Key “${plainLine(review.keyName, LONGEST_NAME)}”`];
  if (review.count > 1) {
    parts.push(`${review.count} calls, the last at ${clockTimeWithSeconds(Date.parse(review.lastAt))}`);
  }
  if (review.country !== null) parts.push(countryName(review.country));
  if (review.asName !== null) parts.push(plainLine(review.asName, LONGEST_NAME));
  return {
    title: `Blocked: ${reviewName(review)}`,
    body: `${parts.join(' · ')}\n${mayAnswer ? 'Click to decide.' : 'Click to see it.'}`,
    buttons: mayAnswer ? ANSWERS : [],
    urgency: 'normal',
    group: 'questions',
    stays: true,
  };
}

/** The notification that stands for many questions. */
export function summaryAnnouncement(kind: Summary['kind'], count: number): Announcement {
  const common = { buttons: [], urgency: 'normal', group: 'questions', stays: true } as const;
  const isOne = count === 1;
  const addresses = isOne ? '1 address' : `${count} addresses`;
  const click = isOne ? 'Click to see it.' : 'Click to see them all.';
  if (kind === 'burst') {
    const why = `${isOne ? 'It is' : 'They are'} not on the list of authorized IPs.`;
    return { ...common, title: `Blocked: ${addresses}`, body: `${why}\n${click}` };
  }
  const title = `${addresses} ${isOne ? 'was' : 'were'} blocked while notifications were paused`;
  return { ...common, title, body: click };
}

function countryName(code: string): string {
  try {
    return countries.of(code) ?? code;
  } catch {
    // Not a code of ISO 3166; shown as it came.
    return code;
  }
}
