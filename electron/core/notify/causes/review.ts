import type { Review } from '#shared/domain/entities';
import {
  type Decision,
  type History,
  isOff,
  type Situation,
  type SuppressReason,
  type WithdrawReason,
} from '../decision';
import { reviewIdOf, reviewNotificationId, SUMMARY_ID } from '../notification-id';
import { isHiddenTitle, reviewAnnouncement, type ReviewStyle, summaryAnnouncement } from '../review-words';
import { updateInPlace } from './update-in-place';

/** More open notifications than this become one summary. */
export const MOST_OPEN = 5;
/** A summary that was put away is shown again at most this often, however many reviews arrive. */
export const SUMMARY_INTERVAL_MS = 5_000;
/** A summary on the screen grows at most this often. */
export const SUMMARY_GROWTH_INTERVAL_MS = 150;
/** The notification of a review with further calls changes at most this often. */
export const UPDATE_INTERVAL_MS = 30_000;

/**
 * A call from an unknown address was blocked. Each review has one notification and is announced once. One summary stands for all
 * if more than {@link MOST_OPEN} would be open, counting those that the desktop dropped, and for what was held back and is still
 * pending when quiet ends (docs/behaviour.md 8.3.3, 8.3.5).
 */
export function decideReviews(situation: Situation): readonly Decision[] {
  const { facts, preferences, history } = situation;
  const { pending, fresh, released, leftBehind } = facts.reviews;
  const news = [...fresh.values(), ...released.values()];
  const shown = [...history.onScreen.keys()].flatMap((id) => reviewIdOf(id) ?? []);
  if (isOff('review', preferences)) {
    return [...withdraw(shown, 'off'), ...withdrawSummary(history, 'off'), ...hold('off', news)];
  }
  const [stillOpen, answered] = partition(shown, (id) => pending.has(id));
  const gone = [
    ...withdraw([...answered, ...leftBehind], 'answered'),
    ...(history.summary?.left === 0 ? withdrawSummary(history, 'answered') : []),
  ];
  // Notifications on the screen stay as they are during quiet.
  if (facts.quiet !== null) return [...gone, ...hold(facts.quiet, news)];
  const [muted, wanted] = partition(news, ({ keyId }) => facts.mutedKeyIds.has(keyId));
  return [...gone, ...hold('muted', muted), ...announce(situation, stillOpen, wanted)];
}

/** Announces reviews: new ones, and those that were held back until now. */
function announce(
  situation: Situation,
  stillOpen: readonly string[],
  wanted: readonly Review[],
): readonly Decision[] {
  const { facts, preferences, history } = situation;
  const { mayAnswer, hidesDetails, isReporting } = facts;
  const style: ReviewStyle = { mayAnswer, hidesDetails, isReporting, quickSeconds: preferences.quickSeconds };
  const [released, fresh] = partition(wanted, ({ id }) => facts.reviews.released.has(id));
  const unseen = [...facts.reviews.unseen];
  const openCount = stillOpen.length + unseen.length + (history.summary?.left ?? 0);
  const isBurst = wanted.length > 0 && openCount + wanted.length > MOST_OPEN;
  if (!isBurst && released.length <= 1) {
    const shown = [...released, ...fresh].map((review) => showOne(review, style));
    return [...shown, ...update(situation, stillOpen, style)];
  }
  const intervalMs = history.summary === null ? SUMMARY_INTERVAL_MS : SUMMARY_GROWTH_INTERVAL_MS;
  const untilMs = (history.summarisedAtMs ?? -Infinity) + intervalMs;
  if (facts.nowMs < untilMs) return [{ do: 'wait', untilMs }, ...update(situation, stillOpen, style)];
  // Only a burst takes in what is on the screen, and what the desktop dropped.
  return isBurst
    ? summarise(history, released, fresh, stillOpen, unseen)
    : summarise(history, released, fresh, [], []);
}

function summarise(
  { summary }: History,
  released: readonly Review[],
  fresh: readonly Review[],
  stillOpen: readonly string[],
  unseen: readonly string[],
): readonly Decision[] {
  const takenIn = [...stillOpen, ...unseen];
  const left = summary?.left ?? 0;
  const isOnlyPause = left === 0 || summary?.kind === 'paused';
  const kind = isOnlyPause && takenIn.length + fresh.length === 0 ? 'paused' : 'burst';
  const news = [...released, ...fresh].map(({ id }) => id);
  return [
    ...withdraw(stillOpen, 'summarised'),
    {
      do: 'summarise',
      kind,
      announcement: summaryAnnouncement(kind, left + takenIn.length + news.length),
      fresh: news,
      takenIn,
    },
  ];
}

function showOne(review: Review, style: ReviewStyle): Decision {
  return {
    do: 'show',
    id: reviewNotificationId(review.id),
    cause: 'review',
    announcement: reviewAnnouncement(review, style),
    subjects: [review.id],
    count: 1,
  };
}

/** Brings the notifications on the screen up to date. */
function update(situation: Situation, stillOpen: readonly string[], style: ReviewStyle): readonly Decision[] {
  const { facts, history } = situation;
  const singles = stillOpen.flatMap((reviewId) => {
    const review = facts.reviews.pending.get(reviewId);
    if (review === undefined) return [];
    const id = reviewNotificationId(reviewId);
    const isHidden = isHiddenTitle(history.onScreen.get(id)?.announcement.title);
    return updateInPlace(situation, {
      id,
      announcement: reviewAnnouncement(review, style),
      count: 1,
      // Details are hidden at once when the screen is locked.
      intervalMs: isHidden === style.hidesDetails ? UPDATE_INTERVAL_MS : 0,
    });
  });
  const { summary } = history;
  if (summary === null || summary.left === 0) return singles;
  const changedSummary = updateInPlace(situation, {
    id: SUMMARY_ID,
    announcement: summaryAnnouncement(summary.kind, summary.left),
    count: summary.left,
    intervalMs: SUMMARY_INTERVAL_MS,
  });
  return [...singles, ...changedSummary];
}

function withdraw(reviewIds: readonly string[], reason: WithdrawReason): readonly Decision[] {
  return reviewIds.map((reviewId) => ({ do: 'withdraw', id: reviewNotificationId(reviewId), reason }));
}

function withdrawSummary({ summary }: History, reason: WithdrawReason): readonly Decision[] {
  return summary === null ? [] : [{ do: 'withdraw', id: SUMMARY_ID, reason }];
}

function hold(reason: SuppressReason, reviews: readonly Review[]): readonly Decision[] {
  return reviews.length === 0
    ? []
    : [{ do: 'hold', cause: 'review', subjects: reviews.map(({ id }) => id), reason }];
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [T[], T[]] {
  const parts: readonly [T[], T[]] = [[], []];
  for (const item of items) parts[isFirst(item) ? 0 : 1].push(item);
  return parts;
}
